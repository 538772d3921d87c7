import * as v from 'valibot';
import { problemSchema } from './problem';

/** Wall time in milliseconds since the Unix epoch. */
const instant = v.number();

/**
 * The one state a source is in; the tree, the status bar and every panel show the same one.
 * - `idle`: never connected, or disconnected by the user
 * - `connecting`: the first answer is awaited
 * - `syncing`: the first list is read; `total` as far as the server tells it
 * - `live`: an event, a bookmark, a heartbeat or a probe came within its window; an open socket alone is no proof
 * - `stale`: without proof since `since`; because of `problem`, or without one because nothing at all was heard. Proof is
 *   being sought, or will be at `retryAt`
 * - `reconnecting`: the connection failed; the next try is at `retryAt`
 * - `unauthorized`, `forbidden`, `notInstalled`: the server said so; tried again, slowly, at `retryAt`. Without one it is a hub
 *   that said so, and nothing is tried again before it is shown another token or the user acts
 * - `failed`: nothing is tried again before the user acts
 * - `paused`: stopped by the user's choice, data kept
 */
const sourceStateSchema = v.variant('type', [
  v.object({ type: v.literal('idle') }),
  v.object({ type: v.literal('connecting') }),
  v.object({ type: v.literal('syncing'), loaded: v.number(), total: v.exactOptional(v.number()) }),
  v.object({ type: v.literal('live') }),
  v.object({
    type: v.literal('stale'),
    since: instant,
    problem: v.exactOptional(problemSchema),
    retryAt: v.exactOptional(instant),
  }),
  v.object({
    type: v.literal('reconnecting'),
    attempt: v.number(),
    retryAt: instant,
    problem: problemSchema,
  }),
  v.object({ type: v.literal('unauthorized'), retryAt: v.exactOptional(instant), problem: problemSchema }),
  v.object({ type: v.literal('forbidden'), retryAt: v.exactOptional(instant), problem: problemSchema }),
  v.object({ type: v.literal('notInstalled'), retryAt: instant, problem: problemSchema }),
  v.object({ type: v.literal('failed'), problem: problemSchema }),
  v.object({ type: v.literal('paused') }),
]);
export type SourceState = Readonly<v.InferOutput<typeof sourceStateSchema>>;

/**
 * What last showed that the data is true: the list itself, an event or a bookmark of the watch, a probe that found the
 * server no further than the watch, or a watch that was opened anew and had nothing to tell.
 */
const proofOfLifeSchema = v.picklist(['list', 'event', 'bookmark', 'probe', 'watch']);
export type ProofOfLife = v.InferOutput<typeof proofOfLifeSchema>;

const sourceKindSchema = v.picklist(['kubeconfig', 'demo', 'hub']);
export type SourceKind = v.InferOutput<typeof sourceKindSchema>;

/**
 * By which way a hub is reached: over a WebSocket, by server-sent events and requests, or by being asked now and then. With
 * `problem` it is not the best one, which does not work because of it.
 */
const sourceRouteSchema = v.object({
  type: v.picklist(['webSocket', 'stream', 'polling']),
  problem: v.exactOptional(problemSchema),
});
export type SourceRoute = Readonly<v.InferOutput<typeof sourceRouteSchema>>;

/** A source as every surface knows it. */
export const sourceStatusSchema = v.object({
  /** Short hash; stable across sessions. */
  source: v.string(),
  kind: sourceKindSchema,
  /** The context's name; a text to show, not unique. */
  label: v.string(),
  state: sourceStateSchema,
  /**
   * When the data, held now or before a disconnect, was last known to be true, in wall milliseconds. Absent before the
   * first list.
   */
  asOf: v.exactOptional(v.number()),
  /** What showed it. */
  proof: v.exactOptional(proofOfLifeSchema),
  /** How far the data is; opaque. Absent while everything is to be listed. */
  resourceVersion: v.exactOptional(v.string()),
  /** Since when the watch is open; absent while none is. */
  watchOpenedAt: v.exactOptional(instant),
  /** Of a source that is followed through a hub, while that is connected. */
  route: v.exactOptional(sourceRouteSchema),
  /** Of a source that this hub follows through others: what stands for each of them, the nearest first. */
  hubs: v.exactOptional(v.array(v.string())),
  /** ClusterPersonas held. */
  count: v.number(),
});
export type SourceStatus = Readonly<v.InferOutput<typeof sourceStatusSchema>>;
