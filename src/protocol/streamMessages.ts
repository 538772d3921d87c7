import * as v from 'valibot';
import { problemSchema } from './problem';
import { realtimeLimitsSchema } from './realtimeLimits';

/**
 * What a stream of server-sent events says beside the events of the hub; each is the data of an event with this name. The
 * stream of a log has no `limits`, and no `recovered`.
 * - `hello` comes first; with `resuming` it is not known yet what was missed, and `recovered` or `gap` will say so
 * - `recovered`: everything was told that was missed
 * - `gap`: something was not told, or not told yet. Whoever watches events asks for everything again
 * - `limits`: how much a client is to keep from now on
 * - `goodbye`: the stream ends
 */
export const STREAM_MESSAGES = {
  hello: v.object({
    version: v.number(),
    /** How often a comment comes at least, in milliseconds. */
    heartbeatMs: v.pipe(v.number(), v.minValue(1)),
    limits: v.exactOptional(realtimeLimitsSchema),
    resuming: v.exactOptional(v.literal(true)),
  }),
  recovered: v.object({}),
  gap: v.object({
    /** `missed`: it cannot be told any more. `dropped`: the client did not read fast enough. */
    reason: v.picklist(['missed', 'dropped']),
    /** Messages that were dropped since the last time that this was said. */
    dropped: v.exactOptional(v.number()),
    /** How long to wait before everything is asked again, in milliseconds. */
    retryAfterMs: v.exactOptional(v.number()),
    /** Of a log: the times of the last line before and of the first one after, as far as they are known. */
    since: v.exactOptional(v.string()),
    until: v.exactOptional(v.string()),
  }),
  limits: realtimeLimitsSchema,
  goodbye: v.object({
    /** As a WebSocket would be closed with. */
    code: v.number(),
    /** One technical line, in English. */
    reason: v.string(),
    /** How long to stay away, in milliseconds. */
    retryAfterMs: v.exactOptional(v.number()),
    /** What kept it from going on. */
    problem: v.exactOptional(problemSchema),
  }),
} as const;

type StreamMessageName = keyof typeof STREAM_MESSAGES;

export type StreamMessages = {
  readonly [N in StreamMessageName]: Readonly<v.InferOutput<(typeof STREAM_MESSAGES)[N]>>;
};

/** The id of events after which it cannot be said where the client is: whoever resumes from it is told of a gap. */
export const NO_CURSOR = 'none';

/** Of `Last-Event-ID`: cursors of the last events seen, one for each source that the client tells apart. */
export function cursorsOf(lastEventId: string): string[] {
  return lastEventId.split(/[\s,]+/).filter((cursor) => cursor !== '');
}

/** How often a stream says something, be it a comment. Proxies give up on what is silent, the most impatient after 30 s. */
export const STREAM_HEARTBEAT_MS = 15_000;
