import { setTimeout as delay } from 'node:timers/promises';
import * as v from 'valibot';

/** V8 gives pages back some time after they became free. */
const SETTLE_MS = 100;
const COLLECTIONS = 3;

/** Of a process once everything unused was collected, in bytes. */
export const memory = v.object({
  /**
   * RSS after V8 also gave back the pages that it keeps for what is still to come. They are up to 128 MB, whoever filled
   * them once, and belong to the process and not to what it holds.
   */
  rss: v.number(),
  /** RSS after ordinary collections. */
  rssWithFreePages: v.number(),
  heap: v.number(),
});
export type Memory = Readonly<v.InferOutput<typeof memory>>;

/** Of this process. Needs `--expose-gc`. */
export async function memoryAfterCollection(): Promise<Memory> {
  for (let collection = 0; collection < COLLECTIONS; collection += 1) {
    collectGarbage('regular');
    await delay(SETTLE_MS);
  }
  const { rss: rssWithFreePages } = process.memoryUsage();
  collectGarbage('last-resort');
  await delay(SETTLE_MS);
  const { rss, heapUsed, external } = process.memoryUsage();
  return { rss, rssWithFreePages, heap: heapUsed + external };
}

/** The most this process ever held, in bytes. */
export function peakRss(): number {
  return process.resourceUsage().maxRSS * 1024;
}

function collectGarbage(flavor: 'regular' | 'last-resort'): void {
  if (globalThis.gc === undefined) {
    throw new Error('started without --expose-gc');
  }
  globalThis.gc({ type: 'major', execution: 'sync', flavor });
}
