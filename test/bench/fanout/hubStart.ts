import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import * as v from 'valibot';
import { TcpProxy } from '../../support/testbed/tcpProxy';
import { temporaryFolder } from '../../support/testbed/temporaryFolder';
import { contextsOf } from '../clusters/openFetch';
import { PERSONAS, type BenchContext } from '../method/bench';
import { withProgram, type Program } from '../method/program';
import { FanoutClients } from './fanoutClients';
import { imageStart } from './imageStart';

const ROUNDS = 3;
const READY_DEADLINE_MS = 30_000;
const POLL_MS = 10;
/** News would have come by then. */
const QUIET_MS = 1_000;
const CLIENTS = 2;

export interface HubStart {
  /** From the start of the process until /readyz says so. */
  readonly readyS: number;
  /** Told to clients that came afterwards, who can read all of it. */
  readonly announced: number;
  /** Neither in the list then, nor told to those that came before it was read. */
  readonly lost: number;
  /** To the API server, a second after it was ready. */
  readonly apiConnections: number;
}

const listSchema = v.object({ clusters: v.array(v.object({ name: v.string() })) });

/** Starts the hub on a cluster that has many personas already. */
export async function hubStarts(context: BenchContext, names: readonly string[]): Promise<HubStart[]> {
  const { kubeconfig } = await context.cluster();
  const folder = temporaryFolder('bench-hub-start');
  const proxied = join(folder.path, 'kubeconfig');
  const proxy = await proxyTo(kubeconfig, proxied);
  const starts: HubStart[] = [];
  try {
    for (let round = 0; round < ROUNDS; round += 1) {
      const clients = await FanoutClients.start();
      try {
        starts.push(await context.measuring(() => hubStart(proxied, names, clients, proxy)));
      } finally {
        await clients.stop();
      }
    }
    return starts;
  } finally {
    await proxy.close();
    folder.remove();
  }
}

/** Counts connections to the API server: whoever goes by `proxied` goes by way of it. */
async function proxyTo(kubeconfig: string, proxied: string): Promise<TcpProxy> {
  const [context] = await contextsOf(kubeconfig);
  const server = context?.server ?? '';
  const proxy = await TcpProxy.listen(Number(new URL(server).port));
  writeFileSync(proxied, readFileSync(kubeconfig, 'utf8').replaceAll(new URL(server).origin, proxy.url), {
    mode: 0o600,
  });
  return proxy;
}

async function hubStart(
  kubeconfig: string,
  names: readonly string[],
  clients: FanoutClients,
  proxy: TcpProxy,
): Promise<HubStart> {
  const startedMs = performance.now();
  const { execArgv, env } = imageStart();
  const start = async (server: Program): Promise<HubStart> => {
    const url = await server.ask('start', { kubeconfig, args: [] }, v.string());
    // Who comes before the list was read cannot read it, and has to be told.
    await clients.expect(names, CLIENTS);
    await clients.open(url, 'compat', CLIENTS);
    const early = await listed(url);
    await untilReady(url);
    const readyS = (performance.now() - startedMs) / 1000;
    if (early === undefined) {
      await clients.untilTold(PERSONAS);
    }
    const { fewest } = await clients.told();
    const now = await listed(url);
    await clients.close();
    await clients.expect(names, 2 * CLIENTS);
    await clients.open(url, 'compat', CLIENTS);
    await clients.open(url, 'own', CLIENTS);
    await delay(QUIET_MS);
    const { events } = await clients.told();
    return {
      readyS,
      announced: events,
      apiConnections: proxy.openConnections,
      lost: Math.max(PERSONAS - (early ?? fewest), PERSONAS - (now ?? 0)),
    };
  };
  return withProgram('fanoutServerProgram', execArgv, start, env);
}

/** How many personas the list has; undefined where the cluster was not read yet. */
async function listed(url: string): Promise<number | undefined> {
  const response = await fetch(`${url}/api/clusters`);
  const text = await response.text();
  return response.status === 200 ? v.parse(listSchema, JSON.parse(text)).clusters.length : undefined;
}

async function untilReady(url: string): Promise<void> {
  const endMs = performance.now() + READY_DEADLINE_MS;
  while (performance.now() < endMs) {
    const response = await fetch(`${url}/readyz`);
    await response.text();
    if (response.status === 200) {
      return;
    }
    await delay(POLL_MS);
  }
  throw new Error(`the hub was not ready in ${READY_DEADLINE_MS} ms`);
}
