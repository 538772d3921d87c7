import * as v from 'valibot';

const prioritySchema = v.picklist(['critical', 'high', 'normal', 'low']);

const base = {
  topic: v.string(),
  /** Opaque; equal only to itself. */
  cursor: v.string(),
  /** Wall time in milliseconds since the Unix epoch. */
  at: v.number(),
  priority: prioritySchema,
};

const personaData = v.object({ source: v.string(), name: v.string() });

/**
 * A notification: it says what changed, never how it looks now. Whoever cares asks again. Logs are announced as the
 * range of line numbers that can be read.
 */
export const hubEventSchema = v.variant('type', [
  v.object({ ...base, type: v.literal('cluster.added'), data: personaData }),
  v.object({ ...base, type: v.literal('cluster.updated'), data: personaData }),
  v.object({ ...base, type: v.literal('cluster.deleted'), data: personaData }),
  /** What is known of what happened while nobody could watch. */
  v.object({ ...base, type: v.literal('away.changed'), data: personaData }),
  v.object({ ...base, type: v.literal('connection.state'), data: v.object({ source: v.string() }) }),
  v.object({
    ...base,
    type: v.literal('log.appended'),
    /** Lines `first` to `next - 1` are held; the state of the stream may have changed too. */
    data: v.object({ source: v.string(), stream: v.string(), first: v.number(), next: v.number() }),
  }),
]);
export type HubEvent = Readonly<v.InferOutput<typeof hubEventSchema>>;
