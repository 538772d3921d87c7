import * as v from 'valibot';
import { letGoSchema, logLevelSchema, logRowSchema, logStateSchema } from './podLog';
import { problemSchema } from './problem';

const name = v.pipe(v.string(), v.minLength(1), v.maxLength(253));
/** RFC 3339. */
export const logTimeSchema = v.pipe(
  v.string(),
  v.regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/),
);
const count = v.pipe(v.number(), v.integer(), v.minValue(0));

/** Kinds whose pods have a selector in their `spec`. */
const WORKLOAD_KINDS = ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet', 'Job'] as const;

/**
 * Whose logs. Pods that appear are taken in and those that vanish stay with what they wrote. An add-on is its namespace.
 * `selector` is a label selector as the API has it.
 */
export const logSelectionSchema = v.variant('type', [
  v.object({ type: v.literal('namespace'), namespace: name }),
  v.object({
    type: v.literal('selector'),
    namespace: name,
    selector: v.pipe(v.string(), v.maxLength(4_096)),
  }),
  v.object({
    type: v.literal('workload'),
    namespace: name,
    kind: v.picklist(WORKLOAD_KINDS),
    name,
  }),
  v.object({ type: v.literal('pod'), namespace: name, pod: name }),
  v.object({ type: v.literal('node'), node: name }),
]);
export type LogSelection = Readonly<v.InferOutput<typeof logSelectionSchema>>;

const logPatternSchema = v.object({
  text: v.pipe(v.string(), v.minLength(1), v.maxLength(4_096)),
  /** A regular expression of JavaScript, tried on each line by itself. */
  isRegex: v.exactOptional(v.boolean()),
  isCaseSensitive: v.exactOptional(v.boolean()),
});
export type LogPatternParams = Readonly<v.InferOutput<typeof logPatternSchema>>;

/** Which lines are wanted; what is absent leaves none out. Lines are matched without what is meant for a terminal. */
export const logFilterSchema = v.object({
  /** At least one of these. */
  include: v.exactOptional(v.pipe(v.array(logPatternSchema), v.maxLength(20))),
  /** None of these. */
  exclude: v.exactOptional(v.pipe(v.array(logPatternSchema), v.maxLength(20))),
  /** At least as severe. A line that says no level of its own is left out. */
  level: v.exactOptional(logLevelSchema),
  pods: v.exactOptional(v.pipe(v.array(name), v.maxLength(5_000))),
  containers: v.exactOptional(v.pipe(v.array(name), v.maxLength(5_000))),
});
export type LogFilter = Readonly<v.InferOutput<typeof logFilterSchema>>;

/**
 * Where a window begins: so many rows from the first, or from a row (of which the next that is left stands in where it is not
 * there), at the first row from a time on (RFC 3339), or so that it ends with the last row.
 */
export const logPlaceSchema = v.variant('type', [
  v.object({ type: v.literal('position'), position: count }),
  v.object({
    type: v.literal('row'),
    stream: count,
    line: count,
    offset: v.exactOptional(v.pipe(v.number(), v.integer())),
  }),
  v.object({ type: v.literal('time'), time: logTimeSchema }),
  v.object({ type: v.literal('end') }),
]);
export type LogPlace = Readonly<v.InferOutput<typeof logPlaceSchema>>;

/** How far a filter or a search is: lines that were looked at, of those that are held. A problem: why it goes no further. */
const scanSchema = v.object({
  lines: v.number(),
  of: v.number(),
  problem: v.exactOptional(problemSchema),
});
export type LogScan = Readonly<v.InferOutput<typeof scanSchema>>;

/** Whose a stream is. Streams are numbered within their view, from 0. */
const streamNameSchema = v.object({
  stream: v.number(),
  namespace: v.string(),
  pod: v.string(),
  container: v.string(),
});
export type LogStreamName = Readonly<v.InferOutput<typeof streamNameSchema>>;

export const logWindowSchema = v.object({
  rows: v.array(logRowSchema),
  /** Of the streams that these rows are of. */
  streams: v.array(streamNameSchema),
  /** Of the first of the rows, among all that the filter lets through. */
  position: v.number(),
  total: v.number(),
  /** Another number where rows may have another position than before for another reason than that rows came behind them. */
  revision: v.number(),
  letGo: letGoSchema,
  /** Of the filter, if there is one. */
  scan: v.exactOptional(scanSchema),
});
export type LogWindow = Readonly<v.InferOutput<typeof logWindowSchema>>;

export const logFindParamsSchema = v.object({
  view: v.string(),
  filter: v.exactOptional(logFilterSchema),
  find: logPatternSchema,
  /** The match after or before this row; without it the first, or with `previous` the last. */
  from: v.exactOptional(v.object({ stream: count, line: count })),
  direction: v.exactOptional(v.picklist(['next', 'previous'])),
});

export const logFoundSchema = v.object({
  count: v.number(),
  /** Which of the matches it is, from 0, and where it stands among the rows that the filter lets through. */
  match: v.exactOptional(
    v.object({ index: v.number(), stream: v.number(), line: v.number(), position: v.number() }),
  ),
  scan: scanSchema,
});
export type LogFound = Readonly<v.InferOutput<typeof logFoundSchema>>;

/** Asks where a pattern is found in rows; `problem` in the answer: why that is not told. */
export const logMarksParamsSchema = v.object({
  view: v.string(),
  find: logPatternSchema,
  rows: v.pipe(v.array(v.object({ stream: count, line: count })), v.maxLength(400)),
});

export const logMarksSchema = v.object({
  /**
   * Of each row the beginnings and ends, one after the other, in UTF-16 units of the text that the row has without what is meant
   * for a terminal.
   */
  marks: v.array(v.array(v.number())),
  problem: v.exactOptional(problemSchema),
});
export type LogMarks = Readonly<v.InferOutput<typeof logMarksSchema>>;

/** One container's log within a view. */
const logStreamStatusSchema = v.object({
  ...streamNameSchema.entries,
  kind: v.picklist(['container', 'init', 'ephemeral']),
  /** `waiting`: there are more than may be followed at once; it is when another one has ended. */
  state: v.union([logStateSchema, v.object({ type: v.literal('waiting') })]),
  /** The pod is no longer there; what it wrote is. */
  isGone: v.exactOptional(v.literal(true)),
  /** Of a pod that failed or was evicted: why, in the cluster's words. */
  reason: v.exactOptional(v.string()),
  lines: v.number(),
});
export type LogStreamStatus = Readonly<v.InferOutput<typeof logStreamStatusSchema>>;

export const logViewStatusSchema = v.object({
  streams: v.array(logStreamStatusSchema),
  /** At most so many are followed at once. */
  maxStreams: v.number(),
  /** Whether the pods are known; else which of them there are was asked in vain so far. */
  isRead: v.boolean(),
  /** Why it is not known which pods there are now. */
  podsProblem: v.exactOptional(problemSchema),
  heldBytes: v.number(),
  letGo: letGoSchema,
  /**
   * Where text that leaves memory goes to a disk: how much of this view is there, how much all logs may have there, and why nothing
   * goes there now.
   */
  disk: v.exactOptional(
    v.object({ bytes: v.number(), maxBytes: v.number(), problem: v.exactOptional(problemSchema) }),
  ),
});
