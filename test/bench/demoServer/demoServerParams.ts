import * as v from 'valibot';

export const openWatchesParams = v.object({
  url: v.string(),
  count: v.number(),
  resourceVersion: v.string(),
});

export const writeParams = v.object({
  names: v.array(v.string()),
  count: v.number(),
  perSecond: v.number(),
});

export const readMeasurement = v.object({ bytes: v.number(), wallMs: v.number() });

export const writeMeasurement = v.object({
  wallMs: v.number(),
  /** Of the whole process meanwhile. */
  cpuMs: v.number(),
  longestDelayMs: v.number(),
});
