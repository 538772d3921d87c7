import * as v from 'valibot';

export const LINES = 1_000_000;
/** Where the log is. */
export const POD = { namespace: 'bench', pod: 'loud', container: 'main' } as const;

/** What is searched for, as a person would: common and rare, cheap and dear, and one thing that is not there. */
export const EXPRESSIONS = [
  'ERROR',
  '(?:deadline|timeout) exceeded',
  'status=5\\d\\d',
  '\\b10\\.0\\.\\d{1,3}\\.77\\b',
  '"level":"(?:warn|error)"',
  '^W\\d{4} ',
  'took [0-9]{4,}ms',
  '[0-9a-f]{32}',
  'user=(?:alice|bob|carol) .*denied',
  'no such thing anywhere',
] as const;

export const openParams = v.object({ kubeconfig: v.string() });

export const ingested = v.object({
  wallMs: v.number(),
  cpuMs: v.number(),
  longestDelayMs: v.number(),
  /** CPU time of the longest turn of our own work. */
  longestSliceMs: v.number(),
  /** What is held, over what the process had before. */
  heldRssBytes: v.number(),
  textBytes: v.number(),
  /** As the store itself counts. */
  storeBytes: v.number(),
  /** By level, so that it shows that they were found: error, warning, info, debug, none. */
  levels: v.array(v.number()),
});

export const searched = v.object({
  wallMs: v.number(),
  /** Until the first match could be read; undefined where there is none. */
  firstMs: v.optional(v.number()),
  longestDelayMs: v.number(),
  matches: v.number(),
});

export const bareSearched = v.object({ wallMs: v.number(), matches: v.number() });

export const jumped = v.object({ worstMs: v.number(), medianMs: v.number() });

/** Streams that are written to at once, and how many lines a second of all of them have to be taken up. */
export const MERGED = { streams: 20, linesPerSecond: 50_000 } as const;

export const merged = v.object({
  /** CPU time of a second of lines. */
  cpuMsPerSecond: v.number(),
  longestSliceMs: v.number(),
});

export const resumed = v.object({
  /** CPU time until it is known from where on a log is asked for again. */
  cpuMs: v.number(),
});
