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

/** One line of a pod's log. */
export const logLineSchema = v.object({
  /** Position in its stream, from 0, without gaps. */
  seq: v.number(),
  /** RFC 3339 as the kubelet wrote it; absent where a line came without. */
  time: v.exactOptional(v.string()),
  text: v.string(),
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
