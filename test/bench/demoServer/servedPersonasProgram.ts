import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import * as v from 'valibot';
import { systemClock } from '../../../src/base/clock';
import { createDemoCluster } from '../../../src/demo/demoCluster';
import { startDemoHttpServer } from '../../../src/demoServer/demoHttpServer';
import { CLUSTER_PERSONA } from '../../../src/protocol/clusterPersonaResource';
import { EventLoopDelay } from '../method/eventLoopDelay';
import { PERSONAS } from '../method/bench';
import { serveProgram } from '../method/serveProgram';
import { writeParams } from './demoServerParams';

const SEED = 4;
const CHUNK_BYTES = 64 * 1024;

const cluster = createDemoCluster({ clock: systemClock, seed: SEED, personas: PERSONAS });
const loopDelay = new EventLoopDelay();
/** Every write says something else: one that changes nothing is no event. */
let written = 0;

/** The same bytes as a list from one buffer: what Node's HTTP itself can do. */
async function serveBytes(bytes: number): Promise<string> {
  const content = Buffer.alloc(bytes, 0x20);
  const server = createServer((_, response) => {
    void (async () => {
      for (let offset = 0; offset < bytes; offset += CHUNK_BYTES) {
        if (!response.write(content.subarray(offset, offset + CHUNK_BYTES))) {
          await once(response, 'drain');
        }
      }
      response.end();
    })();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === 'string') {
    throw new TypeError('a server on loopback has a port');
  }
  return `http://127.0.0.1:${address.port}/`;
}

async function write(params: unknown) {
  const { names, count, perSecond } = v.parse(writeParams, params);
  const cpu = process.cpuUsage();
  loopDelay.begin();
  const startedMs = performance.now();
  for (let index = 0; index < count; index += 1) {
    // By the time since the start, so that a late timer costs no write.
    const dueMs = startedMs + (1000 * index) / perSecond;
    const restMs = dueMs - performance.now();
    if (restMs > 0) {
      await delay(restMs);
    }
    const name = names[index % names.length] ?? '';
    written += 1;
    const { status } = await cluster.fetch(`${CLUSTER_PERSONA.path}/${name}/status`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/merge-patch+json' },
      body: JSON.stringify({ status: { lastDiscovery: new Date(written * 1000).toISOString() } }),
    });
    if (status !== 200) {
      throw new Error(`a write was answered with ${status}`);
    }
  }
  const { user, system } = process.cpuUsage(cpu);
  return {
    wallMs: performance.now() - startedMs,
    cpuMs: (user + system) / 1000,
    longestDelayMs: loopDelay.end(),
  };
}

serveProgram({
  serve: async () => (await startDemoHttpServer({ fetch: cluster.fetch })).url,
  serveBytes: (bytes) => serveBytes(v.parse(v.number(), bytes)),
  write,
});
