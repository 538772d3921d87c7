import * as v from 'valibot';

/** Messages that wait while others come and go. */
export const HELD = 10_000;

export const throughputSchema = v.object({
  /** Pairs of one message put in and one taken out, by second of CPU time. */
  pairsPerSecond: v.number(),
  /** Messages that came out in another order than they should have. */
  outOfOrder: v.number(),
});

/** The flood: changes of so many topics of state, and messages of streams. */
export const FLOOD = { stateTopics: 5_000, stateEvents: 80_000, streamTopics: 500, streamEvents: 20_000 };

/** While it lasted. */
export const floodedSchema = v.object({
  wallMs: v.number(),
  /** From the last event until nothing waited for the view any more. */
  drainMs: v.number(),
  /** Of the event loop. */
  longestDelayMs: v.number(),
  /** CPU time of the longest turn of our own work. */
  longestSliceMs: v.number(),
  mostQueued: v.number(),
  peakHeapBytes: v.number(),
});

/** Afterwards. */
export const comparedSchema = v.object({
  /** Frames that the view worked off. */
  frames: v.number(),
  /** Topics whose last event the view does not know. */
  different: v.number(),
  /** Messages of streams that were neither told nor counted as dropped. */
  unaccounted: v.number(),
  /** Messages of one topic that came in another order than they were made. */
  outOfOrder: v.number(),
  dropped: v.number(),
  /** Whether the view was told that something was dropped. */
  isTold: v.boolean(),
  heapBeforeBytes: v.number(),
  heapAfterBytes: v.number(),
});

/** What the view saw. */
export const seenSchema = v.object({
  frames: v.number(),
  /** The cursor of the last event of each topic of state. */
  known: v.array(v.tuple([v.string(), v.string()])),
  streamEvents: v.number(),
  outOfOrder: v.number(),
  /** How often it was told to ask for everything. */
  recovered: v.number(),
});
