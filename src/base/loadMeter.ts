/** What the process has on its hands, as far as the platform can tell; what it cannot tell is `undefined`. */
export interface LoadReading {
  /** How long the event loop was at work and how long it waited, in milliseconds since the process began. */
  readonly eventLoop: { readonly activeMs: number; readonly idleMs: number } | undefined;
  /** Share of the heap's limit that is in use, 0 to 1. */
  readonly heapFraction: number | undefined;
}

/** A port to the process' own figures, filled in by the composition root. A reading costs microseconds and changes nothing. */
export interface LoadMeter {
  read(): LoadReading;
}

/** For platforms that tell nothing. */
export const unknownLoad: LoadMeter = { read: () => ({ eventLoop: undefined, heapFraction: undefined }) };

/** Share of the time between two readings during which the event loop was at work, 0 to 1; undefined where unknown. */
export function utilisationBetween(earlier: LoadReading, later: LoadReading): number | undefined {
  if (earlier.eventLoop === undefined || later.eventLoop === undefined) {
    return undefined;
  }
  const activeMs = later.eventLoop.activeMs - earlier.eventLoop.activeMs;
  const idleMs = later.eventLoop.idleMs - earlier.eventLoop.idleMs;
  const share = activeMs / (activeMs + idleMs);
  // No time passed.
  return Number.isFinite(share) ? Math.min(1, Math.max(0, share)) : undefined;
}
