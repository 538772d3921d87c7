import * as v from 'valibot';
import type { Bench, BenchContext } from '../method/bench';
import { doubtsOf, type Outcome } from '../method/outcome';
import { withProgram } from '../method/program';
import { interleave, ROUNDS } from '../method/rounds';
import { Sentinel } from '../method/sentinel';
import { median, medianOfRounds } from '../method/statistics';
import { comparedSchema, FLOOD, floodedSchema, HELD, throughputSchema } from './queueParams';

type Throughput = v.InferOutput<typeof throughputSchema>;
type Flood = v.InferOutput<typeof floodedSchema> &
  v.InferOutput<typeof comparedSchema> & { readonly stallMs: number };

const FLOOD_EVENTS = FLOOD.stateEvents + FLOOD.streamEvents;
/** What waits is at most one event a topic of state and 10,000 messages: some 10 MB. */
const MAX_HEAP_GROWTH_MB = 10;

/** What waits for a view: how fast it goes in and out, and what a flood does to it. */
export const queueBench: Bench = {
  name: 'queue',
  summary: `what waits for a view: ${HELD} queued, and a flood of ${FLOOD_EVENTS} events at a slow one`,
  run: async (context) => outcomeOf(await measureThroughput(context), await measureFloods(context)),
};

function measureThroughput({ measuring }: BenchContext) {
  return measuring(() => {
    // A process of its own each time: what one side taught the compiler is no use or harm to the other.
    const side = (name: 'ours' | 'bare' | 'heap') => () =>
      withProgram('queueProgram', [], async (program) => {
        await program.ask(name, undefined, throughputSchema);
        return program.ask(name, undefined, throughputSchema);
      });
    return interleave({ ours: side('ours'), bare: side('bare'), heap: side('heap') });
  });
}

async function measureFloods({ measuring, say }: BenchContext): Promise<readonly Flood[]> {
  say(`Flooding a view that takes 20 ms a frame, ${ROUNDS} times`);
  const sentinel = await Sentinel.start();
  try {
    return await measuring(async () => {
      const floods: Flood[] = [];
      while (floods.length < ROUNDS) {
        floods.push(await flood(sentinel));
      }
      return floods;
    });
  } finally {
    await sentinel.stop();
  }
}

function flood(sentinel: Sentinel): Promise<Flood> {
  return withProgram('floodProgram', ['--expose-gc'], async (program) => {
    await program.ask('open', undefined, v.unknown());
    const { result, sentinelMs } = await sentinel.beside(() =>
      program.ask('flood', undefined, floodedSchema),
    );
    const compared = await program.ask('compare', undefined, comparedSchema);
    return { ...result, ...compared, stallMs: Math.max(0, result.longestDelayMs - sentinelMs) };
  });
}

function outcomeOf(
  { ours, bare, heap }: Readonly<Record<'ours' | 'bare' | 'heap', readonly Throughput[]>>,
  floods: readonly Flood[],
): Outcome {
  const speeds = (rounds: readonly Throughput[]): number[] =>
    rounds.map(({ pairsPerSecond }) => pairsPerSecond);
  const of = (figure: (flood: Flood) => number): number => median(floods.map(figure));
  const worst = (figure: (flood: Flood) => number): number => Math.max(...floods.map(figure));
  const pairs = median(speeds(ours));
  const ofHeap = medianOfRounds(ours, heap, (a, b) => a.pairsPerSecond / b.pairsPerSecond);
  const figures = {
    pairsPerSecond: pairs,
    barePairsPerSecond: median(speeds(bare)),
    heapPairsPerSecond: median(speeds(heap)),
    ofHeap,
    bareOfHeap: medianOfRounds(bare, heap, (a, b) => a.pairsPerSecond / b.pairsPerSecond),
    queueOutOfOrder: Math.max(...ours.map(({ outOfOrder }) => outOfOrder)),
    floodS: of(({ wallMs }) => wallMs / 1000),
    drainS: of(({ drainMs }) => drainMs / 1000),
    frames: of(({ frames }) => frames),
    dropped: of(({ dropped }) => dropped),
    different: worst(({ different }) => different),
    unaccounted: worst(({ unaccounted }) => Math.abs(unaccounted)),
    outOfOrder: worst(({ outOfOrder }) => outOfOrder),
    untold: worst(({ isTold }) => Number(!isTold)),
    mostQueued: worst(({ mostQueued }) => mostQueued),
    heapGrowthMb: of(({ heapAfterBytes, heapBeforeBytes }) => (heapAfterBytes - heapBeforeBytes) / 1e6),
    peakHeapGrowthMb: of(({ peakHeapBytes, heapBeforeBytes }) => (peakHeapBytes - heapBeforeBytes) / 1e6),
    longestSliceMs: worst(({ longestSliceMs }) => longestSliceMs),
    stallMs: of(({ stallMs }) => stallMs),
  };
  return {
    figures,
    targets: {
      pairsPerSecond: { atLeast: 1_000_000 },
      queueOutOfOrder: { atMost: 0 },
      different: { atMost: 0 },
      unaccounted: { atMost: 0 },
      outOfOrder: { atMost: 0 },
      untold: { atMost: 0 },
      mostQueued: { atMost: FLOOD.stateTopics + HELD },
      heapGrowthMb: { atMost: MAX_HEAP_GROWTH_MB },
      longestSliceMs: { atMost: 20 },
    },
    doubts: doubtsOf('the binary heap', speeds(heap)),
    table: [
      [`${HELD} queued`, 'in + out, per CPU second'],
      ['ours: four priorities, order of topics, bounds, sizes', pairs.toFixed(0)],
      ['ours without the last three', figures.barePairsPerSecond.toFixed(0)],
      ['tinyqueue: a binary heap, priority and age alone', figures.heapPairsPerSecond.toFixed(0)],
      ['limit', '1000000'],
      [`${FLOOD_EVENTS} events, a view with 20 ms a frame`, ''],
      ['until the view was right, s', figures.floodS.toFixed(1)],
      ['frames', figures.frames.toFixed(0)],
      [`dropped of ${FLOOD.streamEvents} messages, all told`, figures.dropped.toFixed(0)],
      ['topics with another last event than the hub', figures.different.toFixed(0)],
      ['heap afterwards, MB more than before', figures.heapGrowthMb.toFixed(1)],
      ['heap at its peak, garbage included, MB more', figures.peakHeapGrowthMb.toFixed(1)],
      ['longest slice, ms of CPU time (limit 20)', figures.longestSliceMs.toFixed(1)],
      ['longest stall of the event loop, ms', figures.stallMs.toFixed(1)],
    ],
  };
}
