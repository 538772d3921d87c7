import * as v from 'valibot';

const count = v.pipe(v.number(), v.integer(), v.minValue(1));
const durationMs = v.pipe(v.number(), v.minValue(1));

/** How much of what happened a view keeps: the settings of the user. */
export const realtimeLimitsSchema = v.object({
  logMs: durationMs,
  metricMs: durationMs,
  eventMs: durationMs,
  alertMs: durationMs,
  logLines: count,
  metricPoints: count,
  events: count,
  alerts: count,
});
export type RealtimeLimits = Readonly<v.InferOutput<typeof realtimeLimitsSchema>>;

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

export const DEFAULT_REALTIME_LIMITS: RealtimeLimits = {
  logMs: 5 * MINUTE_MS,
  metricMs: 10 * MINUTE_MS,
  eventMs: HOUR_MS,
  alertMs: 24 * HOUR_MS,
  logLines: 1_000,
  metricPoints: 500,
  events: 200,
  alerts: 100,
};
