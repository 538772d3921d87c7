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

export const metricPointSchema = v.object({
  /** Position in its series, from 0, without gaps. */
  seq: v.number(),
  /** Wall milliseconds. */
  at: v.number(),
  value: v.number(),
});
export type MetricPoint = Readonly<v.InferOutput<typeof metricPointSchema>>;
