import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import * as v from 'valibot';
import { CertificateAuthority } from '../../../src/demoServer/certificateAuthority';
import { temporaryFolder } from '../../support/testbed/temporaryFolder';
import type { BenchContext } from '../method/bench';
import { memory } from '../method/memory';
import { withProgram, type Program } from '../method/program';
import { FanoutClients } from './fanoutClients';
import type { Speech } from './fanoutParams';
import { imageStart } from './imageStart';

export const IDLE_CONNECTIONS = 5_000;
/** Whatever a process makes once for all connections is made by these. */
const FIRST_CONNECTIONS = 200;
/** Files of a process that are no connections. */
const OTHER_FILES = 200;
const SETTLE_MS = 1_000;
export const NO_LIMITS = ['connections', 'connections-per-peer', 'requests-per-peer'].flatMap((what) => [
  `--max-${what}`,
  '100000',
]);

export interface IdleConnections {
  readonly connections: number;
  /** What one takes while nothing happens, in bytes of RSS and of V8's heap. */
  readonly rss: number;
  readonly heap: number;
  /** What the server held before they came, in bytes of RSS. */
  readonly baseRss: number;
  /** Until all were greeted, those that they waited for on their own side included. */
  readonly openS: number;
}

/** As many as this machine lets a process have. */
export function idleConnectionCount(): number {
  const limit = Number(execFileSync('sh', ['-c', 'ulimit -Hn'], { encoding: 'utf8' }));
  return Number.isNaN(limit) ? IDLE_CONNECTIONS : Math.min(IDLE_CONNECTIONS, limit - OTHER_FILES);
}

/** What a server holds with many clients that were greeted and say nothing, less what it held before they came. */
export async function idleConnections(
  { measuring }: BenchContext,
  options: {
    readonly program: string;
    readonly kubeconfig: string;
    readonly speech: Speech;
    readonly isTls: boolean;
  },
): Promise<IdleConnections> {
  const { program, kubeconfig, speech, isTls } = options;
  const folder = temporaryFolder('bench-fanout');
  const clients = await FanoutClients.start();
  try {
    const { execArgv, env } = imageStart();
    const measure = async (server: Program): Promise<IdleConnections> => {
      const args = [...NO_LIMITS, ...(isTls ? certificateArguments(folder.path) : [])];
      const url = await server.ask('start', { kubeconfig, args }, v.string());
      await clients.open(url, speech, FIRST_CONNECTIONS);
      await clients.close();
      await delay(SETTLE_MS);
      const connections = idleConnectionCount();
      const before = await server.ask('memory', undefined, memory);
      const startedMs = performance.now();
      await clients.open(url, speech, connections);
      const openS = (performance.now() - startedMs) / 1000;
      await delay(SETTLE_MS);
      const after = await measuring(() => server.ask('memory', undefined, memory));
      return {
        connections,
        rss: (after.rss - before.rss) / connections,
        heap: (after.heap - before.heap) / connections,
        baseRss: before.rss,
        openS,
      };
    };
    return await withProgram(program, [...execArgv, '--expose-gc'], measure, env);
  } finally {
    await clients.stop();
    folder.remove();
  }
}

function certificateArguments(folder: string): string[] {
  const { certificate, key } = new CertificateAuthority('clusterpersona-bench-ca').server('hub');
  const files = { '--tls-cert': certificate, '--tls-key': key };
  return Object.entries(files).flatMap(([argument, content]) => {
    const file = join(folder, `${argument.slice(2)}.pem`);
    writeFileSync(file, content, { mode: 0o600 });
    return [argument, file];
  });
}
