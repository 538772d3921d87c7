import * as v from 'valibot';
import { personaKeySchema } from './summaryRow';

/**
 * What is measured.
 * - `cpuPercent`, `memoryPercent`: utilisation of what workloads can have, in percent; may be above 100
 * - `cpuCores`, `memoryBytes`: what is used
 * - `podsRunning`, `nodesReady`: counts
 */
export const METRICS = [
  'cpuPercent',
  'memoryPercent',
  'cpuCores',
  'memoryBytes',
  'podsRunning',
  'nodesReady',
] as const;
const metricSchema = v.picklist(METRICS);
export type Metric = v.InferOutput<typeof metricSchema>;

/** One series: of the whole cluster, or of one of its nodes. */
export const metricKeySchema = v.object({
  ...personaKeySchema.entries,
  metric: metricSchema,
  node: v.exactOptional(v.string()),
});
export type MetricKey = Readonly<v.InferOutput<typeof metricKeySchema>>;

/**
 * One measurement, or, where it is older, what several that followed each other were merged into.
 *
 * The measurements of a series are numbered one after the other, and no number is ever used twice: a series that was given
 * up goes on, or starts anew, beyond what it had. A point bears the number and the time of the last measurement in it, and
 * stands for all from the previous point's on: numbers that are left out were merged, not lost. What was lost lies below
 * `first` of `metrics.read`. So whoever asks from the number after the last that he has never gets a measurement twice
 * unless it was merged meanwhile.
 */
export const metricPointSchema = v.object({
  /** Ascending within its series; with gaps where measurements were merged. */
  seq: v.number(),
  /** Wall milliseconds of the measurement, the last one of those that were merged. */
  at: v.number(),
  /** The average of those that were merged. */
  value: v.number(),
  /** The smallest and the largest of those that were merged: an average alone would hide every peak. Absent of just one. */
  min: v.exactOptional(v.number()),
  max: v.exactOptional(v.number()),
});
export type MetricPoint = Readonly<v.InferOutput<typeof metricPointSchema>>;
