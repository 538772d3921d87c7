import * as v from 'valibot';
import { alertKeySchema } from './alert';
import { commandStepSchema } from './commandProgress';
import { componentKeySchema } from './component';
import { metricKeySchema } from './metric';
import { personaKeySchema } from './summaryRow';

/** The more urgent first; within one priority events keep their order. */
export const PRIORITIES = ['critical', 'high', 'normal', 'low'] as const;
export const prioritySchema = v.picklist(PRIORITIES);
export type Priority = v.InferOutput<typeof prioritySchema>;

const base = {
  topic: v.string(),
  /**
   * Opaque: where whoever was sent this event is then, for the hub that sent it or another one that follows the same clusters.
   * Empty where that cannot be said: nothing can be resumed from until a later event says where.
   */
  cursor: v.string(),
  /** When it happened, in wall milliseconds since the Unix epoch. */
  at: v.number(),
  priority: prioritySchema,
  /** Told again to somebody who came late: it is no news, and nothing to alarm anybody with. */
  replayed: v.exactOptional(v.literal(true)),
};

/** Items `first` to `next - 1` of a stream are held. */
const range = { first: v.number(), next: v.number() };

/**
 * A notification: it says what changed, never how it looks now. Whoever cares asks again. What is a stream (logs, metrics)
 * is announced as the range of sequence numbers that can be read.
 */
export const hubEventSchema = v.variant('type', [
  v.object({ ...base, type: v.literal('cluster.added'), data: personaKeySchema }),
  v.object({ ...base, type: v.literal('cluster.updated'), data: personaKeySchema }),
  v.object({ ...base, type: v.literal('cluster.deleted'), data: personaKeySchema }),
  /** The health of a node or an add-on is another one, or it came or went. */
  v.object({ ...base, type: v.literal('component.changed'), data: componentKeySchema }),
  v.object({ ...base, type: v.literal('alert.raised'), data: alertKeySchema }),
  v.object({ ...base, type: v.literal('alert.resolved'), data: alertKeySchema }),
  /** What is known of what happened while nobody could watch. */
  v.object({ ...base, type: v.literal('away.changed'), data: personaKeySchema }),
  v.object({ ...base, type: v.literal('connection.state'), data: v.object({ source: v.string() }) }),
  v.object({ ...base, type: v.literal('command.progress'), data: commandStepSchema }),
  v.object({
    ...base,
    type: v.literal('log.appended'),
    /** The state of the stream may have changed too. */
    data: v.object({ source: v.string(), stream: v.string(), ...range }),
  }),
  v.object({
    ...base,
    type: v.literal('metric.appended'),
    data: v.object({ ...metricKeySchema.entries, ...range }),
  }),
]);
export type HubEvent = Readonly<v.InferOutput<typeof hubEventSchema>>;
export type HubEventType = HubEvent['type'];
