import type { View } from '../protocol/messages';

/** How one open view is served. */
export interface ViewFigures {
  readonly view: View['type'];
  readonly isVisible: boolean;
  /** Frames a second that it is sent at most. */
  readonly rate: number;
  /** Events that wait for it. */
  readonly queued: number;
  /** Messages that were dropped since it was opened. */
  readonly dropped: number;
  /** Frames that it may still be sent before it works some off. */
  readonly credits: number;
  /** Since it was opened. */
  readonly framesSent: number;
  /** How often a second it is painted while it is fed; undefined where unknown. */
  readonly fps: number | undefined;
}

/** How views are served while a diagnosis runs: numbers and kinds of views alone, so that nothing here is to be redacted. */
export interface RealtimeFigures {
  /** Share of the time that the event loop was at work, 0 to 1; undefined where unknown. */
  readonly eventLoopUtilisation: number | undefined;
  /** Share of the heap's limit that is in use, 0 to 1; undefined where unknown. */
  readonly heapFraction: number | undefined;
  readonly views: readonly ViewFigures[];
}
