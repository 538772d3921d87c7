import { setTimeout as delay } from 'node:timers/promises';
import * as v from 'valibot';
import type { Bench, BenchContext } from '../method/bench';
import type { Outcome } from '../method/outcome';
import { withProgram, type Program } from '../method/program';
import { ROUNDS } from '../method/rounds';
import { median } from '../method/statistics';
import { listsBegun, liveMs, type ListsBegun } from './recoverMeasurements';
import { startRecoverClusters, type RecoverClusters } from './recoverClusters';

/** Back-off waits are some seconds by then, so that one who asks is seen to cut them short. */
const AWAY_MS = 1_800;
const OUTAGE_MS = 4_000;
/** What a source still does after it is live, it does by then. */
const SETTLE_MS = 1_000;

/** How soon a source is live again, and what that costs the cluster. */
export const recoverBench: Bench = {
  name: 'recover',
  summary:
    'an API server is away and comes back: how soon sources are live again, and how often they list anew',
  async run(context) {
    const clusters = await startRecoverClusters(context.clusterKind, context.say);
    try {
      return await withProgram('recoverHostProgram', [], async (host) => {
        await host.ask('follow', { kubeconfig: clusters.kubeconfig }, v.unknown());
        return context.measuring(() => measure(context, clusters, host));
      });
    } finally {
      await clusters.stop();
    }
  },
};

async function measure(context: BenchContext, clusters: RecoverClusters, host: Program): Promise<Outcome> {
  const asked: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    asked.push(await askedFor(clusters, host));
  }
  const cut = await afterCut(clusters, host);
  const outage = await afterOutage(clusters, host);
  const sources = clusters.proxies.length;
  const perSource = Math.max(...countBySource(outage.lists).values(), 0);
  const perSecond = mostWithin(outage.lists, 1_000);
  return {
    figures: {
      cluster: context.clusterKind,
      sources,
      askedMs: Math.max(...asked),
      askedMedianMs: median(asked),
      cutMs: Math.max(...cut.liveMs),
      cutLists: cut.lists.length,
      outageMs: Math.max(...outage.liveMs),
      outageMedianMs: median(outage.liveMs),
      outageListsPerSource: perSource,
      outageListsPerSecond: perSecond,
    },
    targets: {
      askedMs: { atMost: 1_000 },
      cutLists: { atMost: 0 },
      outageMs: { atMost: 30_000 },
      outageListsPerSource: { atMost: 1 },
      outageListsPerSecond: { atMost: 10 },
    },
    doubts: outage.lists.length < sources ? ['not every source had to list anew after the outage'] : [],
    table: [
      ['the server is back', 'live after, ms', 'lists a source', 'lists a second'],
      ['asked to try again, worst of five', Math.max(...asked).toFixed(0), '', ''],
      [`${sources} connections cut`, Math.max(...cut.liveMs).toFixed(0), String(cut.lists.length), ''],
      [
        `${sources} sources after an outage that cost the history`,
        Math.max(...outage.liveMs).toFixed(0),
        String(perSource),
        String(perSecond),
      ],
      ['limit', '1000 when asked, else the back-off', '0 after a cut, else 1', '10'],
    ],
  };
}

async function askedFor({ proxies }: RecoverClusters, host: Program): Promise<number> {
  proxies[0]?.refuse();
  await host.ask('firstDown', undefined, v.unknown());
  await delay(AWAY_MS);
  proxies[0]?.heal();
  const [ms = Number.NaN] = await host.ask('retryFirst', undefined, liveMs);
  await delay(SETTLE_MS);
  return ms;
}

interface Recovery {
  readonly liveMs: readonly number[];
  readonly lists: ListsBegun;
}

async function afterCut({ proxies }: RecoverClusters, host: Program): Promise<Recovery> {
  await host.ask('lists', undefined, listsBegun);
  for (const proxy of proxies) {
    proxy.cut();
  }
  await host.ask('allDown', undefined, v.unknown());
  return recovery(host);
}

async function afterOutage(clusters: RecoverClusters, host: Program): Promise<Recovery> {
  const { proxies } = clusters;
  await host.ask('lists', undefined, listsBegun);
  for (const proxy of proxies) {
    proxy.refuse();
  }
  await host.ask('allDown', undefined, v.unknown());
  await Promise.all([clusters.forget(), delay(OUTAGE_MS)]);
  for (const proxy of proxies) {
    proxy.heal();
  }
  return recovery(host);
}

async function recovery(host: Program): Promise<Recovery> {
  const live = await host.ask('allLive', undefined, liveMs);
  await delay(SETTLE_MS);
  return { liveMs: live, lists: await host.ask('lists', undefined, listsBegun) };
}

function countBySource(lists: ListsBegun): Map<number, number> {
  const counts = new Map<number, number>();
  for (const { source } of lists) {
    counts.set(source, (counts.get(source) ?? 0) + 1);
  }
  return counts;
}

/** The most that were begun within any span of this length. */
function mostWithin(lists: ListsBegun, spanMs: number): number {
  const times = lists.map(({ atMs }) => atMs).toSorted((a, b) => a - b);
  return Math.max(
    0,
    ...times.map((from, index) => times.filter((at, other) => other >= index && at < from + spanMs).length),
  );
}
