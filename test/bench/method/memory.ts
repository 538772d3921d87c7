import { setTimeout as delay } from 'node:timers/promises';

/** V8 gives pages back some time after they became free. */
const SETTLE_MS = 100;
const COLLECTIONS = 3;

/** What this process holds once everything unused was collected, in bytes. Needs `--expose-gc`. */
export async function memoryAfterCollection(): Promise<{ readonly rss: number; readonly heap: number }> {
  for (let collection = 0; collection < COLLECTIONS; collection += 1) {
    collectGarbage();
    await delay(SETTLE_MS);
  }
  const { rss, heapUsed, external } = process.memoryUsage();
  return { rss, heap: heapUsed + external };
}

/** The most this process ever held, in bytes. */
export function peakRss(): number {
  return process.resourceUsage().maxRSS * 1024;
}

function collectGarbage(): void {
  if (globalThis.gc === undefined) {
    throw new Error('started without --expose-gc');
  }
  globalThis.gc();
}
