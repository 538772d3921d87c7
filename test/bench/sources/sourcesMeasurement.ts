import * as v from 'valibot';

export const sourcesMeasurement = v.object({
  /** From the first context on until the last informer is live. */
  wallMs: v.number(),
  cpuMs: v.number(),
  objects: v.number(),
  longestDelayMs: v.number(),
});
