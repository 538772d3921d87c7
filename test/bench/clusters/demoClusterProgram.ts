import * as v from 'valibot';
import { systemClock } from '../../../src/base/clock';
import { createDemoCluster } from '../../../src/demo/demoCluster';
import { startDemoHttpServer } from '../../../src/demoServer/demoHttpServer';
import { serveProgram } from '../method/serveProgram';
import { serveDemoParams } from './demoClusterParams';

const SEED = 4;

/** One demo cluster, or many, served from this process; each on a port of its own. */
async function serve(params: unknown): Promise<string[]> {
  const { clusters, personas, tls } = v.parse(serveDemoParams, params);
  const urls: string[] = [];
  for (let index = 0; index < clusters; index += 1) {
    const cluster = createDemoCluster({ clock: systemClock, seed: SEED + index, personas });
    const server = await startDemoHttpServer({ fetch: cluster.fetch, ...(tls !== undefined && { tls }) });
    urls.push(server.url);
  }
  return urls;
}

serveProgram({
  serve,
  /** CPU time of this process so far, in microseconds. */
  cpu: () => {
    const { user, system } = process.cpuUsage();
    return user + system;
  },
});
