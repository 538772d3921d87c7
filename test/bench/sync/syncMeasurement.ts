import * as v from 'valibot';
import { memory } from '../method/memory';

/** How one process got to hold the whole collection. */
export const syncMeasurement = v.object({
  objects: v.number(),
  /** From the first request on until everything is held; for an informer until it follows. */
  wallMs: v.number(),
  cpuMs: v.number(),
  /** Before the first request, everything needed loaded. */
  idle: memory,
  /** RSS, in bytes. */
  peakRss: v.number(),
  longestDelayMs: v.number(),
  /** Of the list, decompressed; 0 where it was not counted. */
  jsonBytes: v.number(),
});
export type SyncMeasurement = Readonly<v.InferOutput<typeof syncMeasurement>>;
