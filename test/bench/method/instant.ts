const NS_PER_MS = 1e6;

/** Milliseconds of the system's monotonic clock: the same for all processes, so that instants can cross between them. */
export function instantMs(): number {
  return Number(process.hrtime.bigint()) / NS_PER_MS;
}
