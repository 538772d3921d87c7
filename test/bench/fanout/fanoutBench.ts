import * as v from 'valibot';
import { startBenchCluster } from '../clusters/benchCluster';
import { firstPersonaNames } from '../clusters/firstPersonaNames';
import { PERSONAS, type Bench, type BenchContext } from '../method/bench';
import { doubtsOf, type Outcome } from '../method/outcome';
import { Program } from '../method/program';
import { interleave } from '../method/rounds';
import { median, medianOfRounds } from '../method/statistics';
import { FanoutClients } from './fanoutClients';
import type { Speech } from './fanoutParams';
import { CLIENTS, fanoutRound, WRITES_PER_SECOND, type FanoutRound, type Side } from './fanoutRounds';
import { hubStarts, type HubStart } from './hubStart';
import { imageStart } from './imageStart';
import {
  IDLE_CONNECTIONS,
  idleConnectionCount,
  idleConnections,
  NO_LIMITS,
  type IdleConnections,
} from './idleConnections';

/** In each of five rounds: 1,000 events for each client. */
const WRITES = 200;
const STALLED_WRITES = 100;
/** A quarter more: who needs longer writes something else than was asked for. */
const MAX_PACE_RATIO = 1.25;

const SIDES = ['bare', 'compat', 'own', 'stalled'] as const;
type Rounds = Readonly<Record<(typeof SIDES)[number], readonly FanoutRound[]>>;
const IDLE = ['bare', 'compat', 'own', 'tls'] as const;
type Idle = Readonly<Record<(typeof IDLE)[number], IdleConnections>>;

/** The stand-alone hub with many clients, beside a bare broadcast of the same events. */
export const fanoutBench: Bench = {
  name: 'fanout',
  summary: `the hub: ${CLIENTS} clients told of ${WRITES_PER_SECOND} writes a second, ${IDLE_CONNECTIONS} idle ones, and a start`,
  async run(context) {
    const cluster = await startBenchCluster(context.clusterKind, WRITES, context.say);
    let rounds: Rounds;
    let idle: Idle;
    try {
      rounds = await measureRounds(context, cluster.kubeconfig);
      idle = await measureIdle(context, cluster.kubeconfig);
    } finally {
      await cluster.stop();
    }
    const { kubeconfig } = await context.cluster();
    context.say(`Starting the hub with ${PERSONAS} personas`);
    const starts = await hubStarts(context, await firstPersonaNames(kubeconfig, PERSONAS));
    return outcomeOf(context.clusterKind, rounds, idle, starts);
  },
};

async function measureRounds(context: BenchContext, kubeconfig: string): Promise<Rounds> {
  const names = await firstPersonaNames(kubeconfig, WRITES);
  const started: { stop(): Promise<void> }[] = [];
  const start = async (...how: Parameters<typeof Program.start>): Promise<Program> => {
    const program = await Program.start(...how);
    started.push(program);
    return program;
  };
  try {
    const clients = await FanoutClients.start();
    started.push(clients);
    const [writer, watch] = [await start('writerProgram'), await start('bareWatchProgram')];
    await writer.ask('open', kubeconfig, v.unknown());
    await watch.ask('open', kubeconfig, v.unknown());
    const { execArgv, env } = imageStart();
    const side = async (program: string, speech: Speech): Promise<Side> => {
      const server = await start(program, execArgv, env);
      const url = await server.ask('start', { kubeconfig, args: NO_LIMITS }, v.string());
      return { server, url, speech, isOneStalled: false, names };
    };
    const bare = await side('bareBroadcastProgram', 'compat');
    const compat = await side('fanoutServerProgram', 'compat');
    const own = await side('fanoutServerProgram', 'own');
    const stalled = {
      ...(await side('fanoutServerProgram', 'own')),
      isOneStalled: true,
      names: names.slice(0, STALLED_WRITES),
    };
    const programs = { writer, watch, clients };
    // What comes first finds everything cold.
    for (const each of [bare, compat, own, stalled]) {
      await fanoutRound({ ...context, measuring: (measure) => measure() }, programs, each);
    }
    return await interleave({
      bare: () => fanoutRound(context, programs, bare),
      compat: () => fanoutRound(context, programs, compat),
      own: () => fanoutRound(context, programs, own),
      stalled: () => fanoutRound(context, programs, stalled),
    });
  } finally {
    await Promise.all(started.map((each) => each.stop()));
  }
}

async function measureIdle(context: BenchContext, kubeconfig: string): Promise<Idle> {
  const measure = (program: string, speech: 'compat' | 'own', isTls = false): Promise<IdleConnections> => {
    context.say(`Opening ${idleConnectionCount()} connections${isTls ? ' over TLS' : ''}`);
    return idleConnections(context, { program, kubeconfig, speech, isTls });
  };
  return {
    bare: await measure('bareBroadcastProgram', 'compat'),
    compat: await measure('fanoutServerProgram', 'compat'),
    own: await measure('fanoutServerProgram', 'own'),
    tls: await measure('fanoutServerProgram', 'own', true),
  };
}

function outcomeOf(cluster: string, rounds: Rounds, idle: Idle, starts: readonly HubStart[]): Outcome {
  const of = (side: keyof Rounds, figure: keyof FanoutRound): number[] =>
    rounds[side].map((round) => round[figure]);
  const worst = (side: keyof Rounds, figure: keyof FanoutRound): number => Math.max(...of(side, figure));
  const cpuRatio = (ours: keyof Rounds, theirs: keyof Rounds): number =>
    medianOfRounds(rounds[ours], rounds[theirs], (a, b) => a.cpuMicros / b.cpuMicros);
  const figures = {
    cluster,
    bareCpuMicros: median(of('bare', 'cpuMicros')),
    compatCpuMicros: median(of('compat', 'cpuMicros')),
    ownCpuMicros: median(of('own', 'cpuMicros')),
    compatCpuOfBare: cpuRatio('compat', 'bare'),
    ownCpuOfCompat: cpuRatio('own', 'compat'),
    compatRssMb: worst('compat', 'peakRss') / 1e6,
    ownRssMb: worst('own', 'peakRss') / 1e6,
    lost: SIDES.reduce((sum, side) => sum + of(side, 'lost').reduce((a, b) => a + b, 0), 0),
    bareP99Ms: median(of('bare', 'p99Ms')),
    compatP99Ms: median(of('compat', 'p99Ms')),
    ownP50Ms: median(of('own', 'p50Ms')),
    ownP99Ms: median(of('own', 'p99Ms')),
    watchP99Ms: median(of('own', 'watchP99Ms')),
    ownOverWatchP99Ms: median(rounds.own.map(({ p99Ms, watchP99Ms }) => p99Ms - watchP99Ms)),
    stalledP99OfOwn: medianOfRounds(rounds.stalled, rounds.own, (a, b) => a.p99Ms / b.p99Ms),
    stalledBufferedMb: worst('stalled', 'bufferedBytes') / 1e6,
    stalledRssGrowthMb: medianOfRounds(rounds.stalled, rounds.own, (a, b) => a.peakRss - b.peakRss) / 1e6,
    idleConnections: idle.own.connections,
    bareIdleKb: idle.bare.rss / 1000,
    compatIdleKb: idle.compat.rss / 1000,
    ownIdleKb: idle.own.rss / 1000,
    tlsIdleKb: idle.tls.rss / 1000,
    ownIdleHeapKb: idle.own.heap / 1000,
    baseRssMb: idle.own.baseRss / 1e6,
    ownOpenS: idle.own.openS,
    tlsOpenS: idle.tls.openS,
    readyS: median(starts.map(({ readyS }) => readyS)),
    announced: Math.max(...starts.map(({ announced }) => announced)),
    apiConnections: Math.max(...starts.map(({ apiConnections }) => apiConnections)),
    lostAtStart: Math.max(...starts.map(({ lost }) => lost)),
  };
  const pace = Math.max(...SIDES.flatMap((side) => of(side, 'paceRatio')));
  const row = (side: keyof Rounds): string[] => [
    side,
    median(of(side, 'cpuMicros')).toFixed(1),
    (worst(side, 'peakRss') / 1e6).toFixed(0),
    median(of(side, 'p50Ms')).toFixed(1),
    median(of(side, 'p99Ms')).toFixed(1),
    side === 'stalled' ? '' : (idle[side].rss / 1000).toFixed(1),
  ];
  return {
    figures,
    targets: {
      compatCpuOfBare: { atMost: 1.3 },
      ownCpuOfCompat: { atMost: 0.35 },
      compatRssMb: { atMost: 120 },
      lost: { atMost: 0 },
      ownOverWatchP99Ms: { atMost: 60 },
      stalledP99OfOwn: { atMost: 1.2 },
      stalledBufferedMb: { atMost: 2 },
      compatIdleKb: { atMost: 15 },
      ownIdleKb: { atMost: 15 },
      tlsIdleKb: { atMost: 75 },
      readyS: { atMost: 3 },
      announced: { atMost: 0 },
      lostAtStart: { atMost: 0 },
    },
    doubts: [
      ...doubtsOf('the CPU time of the bare broadcast', of('bare', 'cpuMicros')),
      ...(pace > MAX_PACE_RATIO ? [`writes took ${pace.toFixed(2)} × as long as they should`] : []),
      ...(idle.own.connections < IDLE_CONNECTIONS
        ? [`a process may have only ${idle.own.connections} connections here`]
        : []),
    ],
    table: [
      [`${CLIENTS} clients`, 'CPU, µs an event and client', 'RSS, MB', 'p50, ms', 'p99, ms', 'idle, kB'],
      row('bare'),
      row('compat'),
      row('own'),
      row('stalled'),
      ['own, TLS', '', '', '', '', (idle.tls.rss / 1000).toFixed(1)],
      ['bare watch', '', '', '', median(of('own', 'watchP99Ms')).toFixed(1), ''],
    ],
  };
}
