import * as v from 'valibot';
import { EventLoopDelay } from '../method/eventLoopDelay';
import { memoryAfterCollection, peakRss, type Memory } from '../method/memory';
import { serveProgram } from '../method/serveProgram';
import type { SyncMeasurement } from './syncMeasurement';

/** A way to get hold of the whole collection. */
export interface Synced {
  readonly objects: number;
  readonly jsonBytes?: number;
}

/**
 * Makes this process one side of the comparison: `prepare` loads and opens everything that needs no request, and what it
 * returns then reads the collection and keeps it.
 */
export function serveSync(prepare: (kubeconfig: string) => Promise<() => Promise<Synced>>): void {
  const delay = new EventLoopDelay();
  let sync: (() => Promise<Synced>) | undefined;
  let idle: Memory = { rss: 0, rssWithFreePages: 0, heap: 0 };
  serveProgram({
    prepare: async (kubeconfig) => {
      sync = await prepare(v.parse(v.string(), kubeconfig));
      idle = await memoryAfterCollection();
    },
    measure: async (): Promise<SyncMeasurement> => {
      if (sync === undefined) {
        throw new Error('nothing was prepared');
      }
      const cpu = process.cpuUsage();
      delay.begin();
      const startedMs = performance.now();
      const { objects, jsonBytes = 0 } = await sync();
      const wallMs = performance.now() - startedMs;
      const { user, system } = process.cpuUsage(cpu);
      return {
        objects,
        jsonBytes,
        wallMs,
        cpuMs: (user + system) / 1000,
        idle,
        peakRss: peakRss(),
        longestDelayMs: delay.end(),
      };
    },
    retained: () => memoryAfterCollection(),
  });
}
