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
 * - `stale`: connected, without proof since `since`
 * - `reconnecting`: the connection failed; the next try is at `retryAt`
 * - `unauthorized`, `forbidden`, `notInstalled`: the server said so; tried again, slowly, at `retryAt`
 * - `failed`: nothing is tried again before the user acts
 * - `paused`: stopped by the user's choice, data kept
 */
const sourceStateSchema = v.variant('type', [
  v.object({ type: v.literal('idle') }),
  v.object({ type: v.literal('connecting') }),
  v.object({ type: v.literal('syncing'), loaded: v.number(), total: v.exactOptional(v.number()) }),
  v.object({ type: v.literal('live') }),
  v.object({ type: v.literal('stale'), since: instant }),
  v.object({
    type: v.literal('reconnecting'),
    attempt: v.number(),
    retryAt: instant,
    problem: problemSchema,
  }),
  v.object({ type: v.literal('unauthorized'), retryAt: instant, problem: problemSchema }),
  v.object({ type: v.literal('forbidden'), retryAt: instant, problem: problemSchema }),
  v.object({ type: v.literal('notInstalled'), retryAt: instant, problem: problemSchema }),
  v.object({ type: v.literal('failed'), problem: problemSchema }),
  v.object({ type: v.literal('paused') }),
]);
export type SourceState = Readonly<v.InferOutput<typeof sourceStateSchema>>;

const sourceKindSchema = v.picklist(['kubeconfig', 'demo']);
export type SourceKind = v.InferOutput<typeof sourceKindSchema>;

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
  /** ClusterPersonas held. */
  count: v.number(),
});
export type SourceStatus = Readonly<v.InferOutput<typeof sourceStatusSchema>>;
