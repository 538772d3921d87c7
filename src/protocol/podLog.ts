import * as v from 'valibot';
import { problemSchema } from './problem';

/** A pod as a picker shows it. */
export const podRowSchema = v.object({
  namespace: v.string(),
  name: v.string(),
  /** `status.phase`: Pending, Running, Succeeded, Failed, Unknown. */
  phase: v.string(),
  containers: v.array(v.string()),
});
export type PodRow = Readonly<v.InferOutput<typeof podRowSchema>>;

/** The most severe first. */
export const LOG_LEVELS = ['error', 'warning', 'info', 'debug'] as const;
export const logLevelSchema = v.picklist(LOG_LEVELS);
export type LogLevel = v.InferOutput<typeof logLevelSchema>;

/**
 * What stands between two lines where nothing was written. Times are RFC 3339, by the node's clock.
 * - `gap`: lines of in between may be missing, since the last one that was held did not come again: its time, and that of the
 *   first line after it. A time is absent where the line had none.
 * - `restarted`: the container was started anew here, and the log of its run before was read to its end.
 */
const logMarkerSchema = v.variant('type', [
  v.object({
    type: v.literal('gap'),
    from: v.exactOptional(v.string()),
    until: v.exactOptional(v.string()),
  }),
  v.object({ type: v.literal('restarted') }),
]);
export type LogMarker = Readonly<v.InferOutput<typeof logMarkerSchema>>;

/** What a line says; a marker is an entry of its own, without text. */
const lineContent = {
  /** RFC 3339 in UTC with nanoseconds, as the kubelet wrote it; absent where a line came without. */
  time: v.exactOptional(v.string()),
  /** With what is meant for a terminal. Invalid UTF-8 is U+FFFD. */
  text: v.string(),
  /** As its program wrote it; absent where it wrote none that is known. */
  level: v.exactOptional(logLevelSchema),
  /** Bytes of its end that are left out here. */
  hiddenBytes: v.exactOptional(v.number()),
  marker: v.exactOptional(logMarkerSchema),
};

/** One line of a pod's log. */
export const logLineSchema = v.object({
  /** Position in its stream, from 0, without gaps. */
  seq: v.number(),
  ...lineContent,
});
export type LogLine = Readonly<v.InferOutput<typeof logLineSchema>>;

/**
 * - `connecting`: no answer yet
 * - `following`: lines arrive as they are written
 * - `ended`: the server closed the log (the container stopped)
 * - `failed`: see `problem`; `retryAt` (wall milliseconds) when it is tried again by itself
 */
export const logStateSchema = v.variant('type', [
  v.object({ type: v.literal('connecting') }),
  v.object({ type: v.literal('following') }),
  v.object({ type: v.literal('ended') }),
  v.object({ type: v.literal('failed'), problem: problemSchema, retryAt: v.exactOptional(v.number()) }),
]);
export type LogState = Readonly<v.InferOutput<typeof logStateSchema>>;

/** One line of a view of several logs. A stream and a line in it never become another one. */
export const logRowSchema = v.object({
  stream: v.number(),
  line: v.number(),
  ...lineContent,
});
export type LogRow = Readonly<v.InferOutput<typeof logRowSchema>>;

/**
 * How many lines were let go, by the bound that was reached: of age, of a stream's bytes, of the bytes of all logs; of what may be on
 * the disk, or because that failed.
 */
export const letGoSchema = v.object({
  age: v.number(),
  stream: v.number(),
  total: v.number(),
  disk: v.exactOptional(v.number()),
});
export type LetGo = Readonly<v.InferOutput<typeof letGoSchema>>;
