import * as v from 'valibot';
import { systemClock } from '../../../src/base/clock';
import { createDemoCluster, type DemoCluster } from '../../../src/demo/demoCluster';
import { startDemoHttpServer } from '../../../src/demoServer/demoHttpServer';
import { CLUSTER_PERSONA } from '../../../src/protocol/clusterPersonaResource';
import { serveProgram } from '../method/serveProgram';
import { serveDemoParams } from './demoClusterParams';

const SEED = 4;
const NEWCOMER = {
  apiVersion: 'dorgu.io/v1',
  kind: 'ClusterPersona',
  metadata: { name: 'newcomer' },
  spec: { name: 'newcomer' },
};

const clusters: DemoCluster[] = [];

/** One demo cluster, or many, served from this process; each on a port of its own. */
async function serve(params: unknown): Promise<string[]> {
  const { clusters: count, personas, tls } = v.parse(serveDemoParams, params);
  const urls: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const cluster = createDemoCluster({ clock: systemClock, seed: SEED + index, personas });
    clusters.push(cluster);
    const server = await startDemoHttpServer({ fetch: cluster.fetch, ...(tls !== undefined && { tls }) });
    urls.push(server.url);
  }
  return urls;
}

serveProgram({
  serve,
  /** Whoever goes on from before this is told 410. */
  forget: async () => {
    for (const cluster of clusters) {
      const { status } = await cluster.fetch(CLUSTER_PERSONA.path, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(NEWCOMER),
      });
      if (status !== 201) {
        throw new Error(`the demo cluster answered ${status}`);
      }
      cluster.compact();
    }
  },
  /** CPU time of this process so far, in microseconds. */
  cpu: () => {
    const { user, system } = process.cpuUsage();
    return user + system;
  },
});
