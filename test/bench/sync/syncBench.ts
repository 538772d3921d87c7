import * as v from 'valibot';
import { PERSONAS, type Bench, type BenchContext } from '../method/bench';
import { memory } from '../method/memory';
import { doubtsOf, type Outcome } from '../method/outcome';
import { withProgram } from '../method/program';
import { interleave } from '../method/rounds';
import { Sentinel } from '../method/sentinel';
import { median, medianOfRounds } from '../method/statistics';
import { syncMeasurement } from './syncMeasurement';

const MB = 1e6;

const TARGETS = {
  wallOfBare: { atMost: 1.15 },
  wallOfClientNode: { atMost: 1 },
  peakOfJson: { atMost: 3 },
  retainedOfJson: { atMost: 1.5 },
  longestSliceMs: { atMost: 50 },
} as const;

/** How long it takes, and how much memory, until a process that knows nothing follows a big collection. */
export const syncBench: Bench = {
  name: 'sync',
  summary: `${PERSONAS} personas: from the first request until the informer is live, against a bare read and client-node`,
  async run(context) {
    const { kubeconfig } = await context.cluster();
    const sentinel = await Sentinel.start();
    try {
      // The first reads warm the server up, and count for nobody.
      await measureSide('bareReadProgram', kubeconfig, sentinel);
      return await context.measuring(() => compare(context, kubeconfig, sentinel));
    } finally {
      await sentinel.stop();
    }
  },
};

async function compare(context: BenchContext, kubeconfig: string, sentinel: Sentinel): Promise<Outcome> {
  const side = (program: string) => () => measureSide(program, kubeconfig, sentinel);
  const rounds = await interleave({
    ours: side('informerSyncProgram'),
    bare: side('bareReadProgram'),
    clientNode: side('clientNodeSyncProgram'),
  });
  const { ours, bare, clientNode } = rounds;
  const jsonBytes = median(bare.map((round) => round.jsonBytes));
  const sides = Object.entries(rounds);
  const summary = sides.map(([name, measured]) => ({ name, ...summaryOf(measured, jsonBytes) }));
  const own = summaryOf(ours, jsonBytes);
  const wrong = sides.flatMap(([name, measured]) =>
    measured.some(({ objects }) => objects !== PERSONAS) ? [`${name} did not hold all objects`] : [],
  );
  return {
    figures: {
      cluster: context.clusterKind,
      jsonMb: jsonBytes / MB,
      wallMs: own.wallMs,
      wallOfBare: medianOfRounds(ours, bare, (a, b) => a.wallMs / b.wallMs),
      wallOfClientNode: medianOfRounds(ours, clientNode, (a, b) => a.wallMs / b.wallMs),
      cpuOfBare: medianOfRounds(ours, bare, (a, b) => a.cpuMs / b.cpuMs),
      cpuOfClientNode: medianOfRounds(ours, clientNode, (a, b) => a.cpuMs / b.cpuMs),
      peakOfJson: own.peakOfJson,
      retainedOfJson: own.retainedOfJson,
      retainedWithFreePagesOfJson: own.retainedWithFreePagesOfJson,
      heapOfJson: own.heapOfJson,
      longestSliceMs: own.longestSliceMs,
      longestSliceOfAllRoundsMs: Math.max(...ours.map(({ sliceMs }) => sliceMs)),
    },
    targets: TARGETS,
    doubts: [
      ...doubtsOf(
        'the bare read',
        bare.map(({ wallMs }) => wallMs),
      ),
      ...wrong,
    ],
    table: [
      [
        'median of five rounds',
        'wall ms',
        'CPU ms',
        '(peak − idle) / JSON',
        'retained / JSON',
        'with free pages',
        'heap / JSON',
        'slice ms',
      ],
      ...summary.map((each) => [
        NAMES[each.name] ?? each.name,
        each.wallMs.toFixed(0),
        each.cpuMs.toFixed(0),
        each.peakOfJson.toFixed(2),
        each.retainedOfJson.toFixed(2),
        each.retainedWithFreePagesOfJson.toFixed(2),
        each.heapOfJson.toFixed(2),
        each.longestSliceMs.toFixed(0),
      ]),
      ['limit', '1.15 × bare, 1 × client-node', '', '3', '1.5', '', '', '50'],
    ],
  };
}

const NAMES: Readonly<Record<string, string>> = {
  ours: 'ours: KubeFetch + Informer',
  bare: 'bare paged read + JSON.parse',
  clientNode: 'client-node makeInformer',
};

type SideMeasurement = Awaited<ReturnType<typeof measureSide>>;

function summaryOf(rounds: readonly SideMeasurement[], jsonBytes: number) {
  const of = (figure: (round: SideMeasurement) => number): number => median(rounds.map(figure));
  return {
    wallMs: of(({ wallMs }) => wallMs),
    cpuMs: of(({ cpuMs }) => cpuMs),
    peakOfJson: of(({ peakRss, idle }) => (peakRss - idle.rss) / jsonBytes),
    retainedOfJson: of(({ retained, idle }) => (retained.rss - idle.rss) / jsonBytes),
    retainedWithFreePagesOfJson: of(
      ({ retained, idle }) => (retained.rssWithFreePages - idle.rssWithFreePages) / jsonBytes,
    ),
    heapOfJson: of(({ retained, idle }) => (retained.heap - idle.heap) / jsonBytes),
    longestSliceMs: of(({ sliceMs }) => sliceMs),
  };
}

/** One process, from nothing to everything held, and thrown away. */
function measureSide(program: string, kubeconfig: string, sentinel: Sentinel) {
  return withProgram(program, ['--expose-gc'], async (side) => {
    await side.ask('prepare', kubeconfig, v.unknown());
    const { result, sentinelMs } = await sentinel.beside(() =>
      side.ask('measure', undefined, syncMeasurement),
    );
    const retained = await side.ask('retained', undefined, memory);
    return { ...result, retained, sliceMs: Math.max(0, result.longestDelayMs - sentinelMs) };
  });
}
