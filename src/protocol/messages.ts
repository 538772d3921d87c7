import * as v from 'valibot';
import { hubEventSchema, prioritySchema } from './hubEvent';
import { logSelectionSchema } from './logView';
import { problemSchema, type Problem } from './problem';
import { realtimeLimitsSchema } from './realtimeLimits';

/** Raised when a message changes its meaning; new fields and types do not. */
export const PROTOCOL_VERSION = 1;

/** What a view is to show. */
export const viewSchema = v.variant('type', [
  v.object({ type: v.literal('detail'), source: v.string(), name: v.string() }),
  v.object({
    type: v.literal('logs'),
    source: v.string(),
    name: v.string(),
    /** Empty where it is not an add-on's. */
    addon: v.string(),
    /** Empty where it is not about one. */
    namespace: v.string(),
    /** Whose; absent where it is all of the namespace. */
    selection: v.exactOptional(logSelectionSchema),
  }),
]);
export type View = Readonly<v.InferOutput<typeof viewSchema>>;

const id = v.pipe(v.number(), v.integer(), v.minValue(0));

/**
 * Client to server. `ready` comes first, and again whenever the client starts anew: it ends every subscription and
 * request of before. `cancel` withdraws a request; its answer may still come. A request whose id and
 * method are under way already is the same one sent again, and is answered once.
 *
 * `subscribe` with `cursors` (of the last events that were seen, at most one for each source) resumes: what changed since is
 * told again, or `recovered` says that it cannot be. With `priority` only events at least as urgent are sent.
 *
 * `flow` gives back `credits`, one for each `events` message that was worked off: without credits nothing more is sent. A
 * client has eight from `ready` on, and never more.
 * `fps` is the frame rate that the view reaches while it is being fed.
 */
export const clientMessageSchema = v.variant('type', [
  v.object({ type: v.literal('ready'), version: v.number() }),
  v.object({
    type: v.literal('subscribe'),
    id,
    patterns: v.pipe(v.array(v.string()), v.maxLength(100)),
    priority: v.exactOptional(prioritySchema),
    cursors: v.exactOptional(v.pipe(v.array(v.string()), v.maxLength(10_000))),
  }),
  v.object({ type: v.literal('unsubscribe'), id }),
  v.object({ type: v.literal('request'), id, method: v.string(), params: v.unknown() }),
  v.object({ type: v.literal('cancel'), id }),
  v.object({
    type: v.literal('flow'),
    credits: v.pipe(v.number(), v.integer(), v.minValue(0)),
    fps: v.exactOptional(v.pipe(v.number(), v.minValue(0))),
  }),
]);
export type ClientMessage = Readonly<v.InferOutput<typeof clientMessageSchema>>;

/**
 * Server to client. Nothing is sent before `ready`; `hello` answers it. `events` carries notifications in order.
 * Each request gets one `response` or `error` with its id; an `error` without an id answers a message that could not be
 * understood. `recovered` with `ok: false` says that notifications were missed: everything shown must be asked again,
 * after `retryAfterMs` where that is given; with `ok: true` that nothing was missed. It bears the id of the subscription that
 * resumed, and none where it is about all of them, as when the client is shown again. `progress` says how far a request is.
 * `flow` says how fast events are sent (frames a second), how many wait, and how many were dropped since `hello`.
 * `limits` are what the view is to keep from now on. `visibility` says whether somebody can see the view: it is until told
 * otherwise, and while it is not, no notifications are sent.
 */
export const serverMessageSchema = v.variant('type', [
  v.object({
    type: v.literal('hello'),
    version: v.number(),
    /** Absent where the client shows what it likes: the hub is a server to it. */
    view: v.exactOptional(viewSchema),
    limits: realtimeLimitsSchema,
    /** BCP 47 tag of the display language, and its texts by their English originals. */
    language: v.string(),
    texts: v.record(
      v.string(),
      v.union([v.string(), v.object({ message: v.string(), comment: v.array(v.string()) })]),
    ),
  }),
  v.object({ type: v.literal('events'), events: v.array(hubEventSchema) }),
  v.object({ type: v.literal('response'), id, result: v.unknown() }),
  v.object({ type: v.literal('error'), id: v.exactOptional(id), problem: problemSchema }),
  v.object({ type: v.literal('recovered'), id: v.exactOptional(id), ok: v.literal(true) }),
  v.object({
    type: v.literal('recovered'),
    id: v.exactOptional(id),
    ok: v.literal(false),
    reset: v.literal(true),
    retryAfterMs: v.exactOptional(v.number()),
  }),
  v.object({
    type: v.literal('progress'),
    id,
    fraction: v.exactOptional(v.number()),
    text: v.exactOptional(v.string()),
  }),
  v.object({ type: v.literal('flow'), rate: v.number(), queued: v.number(), dropped: v.number() }),
  v.object({ type: v.literal('limits'), limits: realtimeLimitsSchema }),
  v.object({ type: v.literal('visibility'), isVisible: v.boolean() }),
]);
export type ServerMessage = Readonly<v.InferOutput<typeof serverMessageSchema>>;

/** What came out of an untrusted message. */
export type Decoded<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: Problem };

/** Checks data that crossed a trust boundary; nothing behind it needs a cast. */
export function decode<const S extends v.GenericSchema>(schema: S, data: unknown): Decoded<v.InferOutput<S>> {
  const result = v.safeParse(schema, data, { abortEarly: true });
  if (result.success) {
    return { ok: true, value: result.output };
  }
  const [issue] = result.issues;
  const path = v.getDotPath(issue);
  // valibot quotes what it received; the value itself stays out, since it may be anything.
  const detail = `expected ${issue.expected ?? 'something else'} at ${path ?? 'the top'}`;
  return { ok: false, problem: { code: path === 'type' ? 'unknownMessage' : 'badRequest', detail } };
}
