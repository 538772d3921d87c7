import * as v from 'valibot';

/** What the user chose in this view. */
export const logsStateSchema = v.object({
  wraps: v.boolean(),
  /** Absent while the best match is shown. */
  pod: v.optional(v.string()),
  container: v.optional(v.string()),
});
export type LogsState = v.InferOutput<typeof logsStateSchema>;

export const INITIAL_LOGS_STATE: LogsState = { wraps: true };
