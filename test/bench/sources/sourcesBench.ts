import * as v from 'valibot';
import { startDemoClusters } from '../clusters/demoClusters';
import type { Bench } from '../method/bench';
import { memory } from '../method/memory';
import type { Outcome } from '../method/outcome';
import { withProgram } from '../method/program';
import { Sentinel } from '../method/sentinel';
import { sourcesMeasurement } from './sourcesMeasurement';

const SOURCES = 1_000;
const KB = 1_000;

/**
 * Many clusters at once. Each source has a demo cluster of its own, on a port of its own, and so connections and TLS
 * sessions of its own; one process serves them all. One kubeconfig names them all.
 */
export const sourcesBench: Bench = {
  name: 'sources',
  summary: `${SOURCES} sources with one persona each in one process: until all are live, and what each costs`,
  async run({ say, measuring }) {
    say(`Starting ${SOURCES} demo clusters`);
    const clusters = await startDemoClusters({ clusters: SOURCES, personas: 1 });
    const sentinel = await Sentinel.start();
    try {
      return await withProgram('sourcesProgram', ['--expose-gc'], async (program): Promise<Outcome> => {
        await program.ask('prepare', clusters.kubeconfig, v.unknown());
        return measuring(async () => {
          const idle = await program.ask('memory', undefined, memory);
          const serverBefore = await clusters.cpuMicros();
          const { result, sentinelMs } = await sentinel.beside(() =>
            program.ask('measure', undefined, sourcesMeasurement),
          );
          const serverCpuMs = ((await clusters.cpuMicros()) - serverBefore) / 1000;
          const held = await program.ask('memory', undefined, memory);
          const wallS = result.wallMs / 1000;
          const rssKb = (held.rss - idle.rss) / KB / SOURCES;
          const freePagesKb = (held.rssWithFreePages - idle.rssWithFreePages) / KB / SOURCES;
          const heapKb = (held.heap - idle.heap) / KB / SOURCES;
          return {
            figures: {
              allLiveS: wallS,
              kbPerSource: rssKb,
              kbPerSourceWithFreePages: freePagesKb,
              heapKbPerSource: heapKb,
              cpuMsPerSource: result.cpuMs / SOURCES,
              serverCpuS: serverCpuMs / 1000,
              longestSliceMs: Math.max(0, result.longestDelayMs - sentinelMs),
            },
            targets: { allLiveS: { atMost: 15 }, kbPerSource: { atMost: 150 } },
            doubts: result.objects === SOURCES ? [] : [`${result.objects} of ${SOURCES} personas were held`],
            table: [
              [
                `${SOURCES} sources`,
                'all live, s',
                'RSS a source, kB',
                'with free pages, kB',
                'heap a source, kB',
                'CPU a source, ms',
              ],
              [
                'ours: KubeFetch + Informer',
                wallS.toFixed(1),
                rssKb.toFixed(0),
                freePagesKb.toFixed(0),
                heapKb.toFixed(0),
                (result.cpuMs / SOURCES).toFixed(1),
              ],
              ['the server meanwhile', '', '', '', '', (serverCpuMs / SOURCES).toFixed(1)],
              ['limit', '15', '150', '', '', ''],
            ],
          };
        });
      });
    } finally {
      await sentinel.stop();
      await clusters.stop();
    }
  },
};
