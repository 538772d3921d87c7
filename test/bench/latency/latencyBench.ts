import * as v from 'valibot';
import { firstPersonaNames } from '../clusters/firstPersonaNames';
import { FIRST_SEQUENCE } from '../host/sequence';
import { seenAt, sightingSchema, type Sighting } from '../host/sighting';
import { writtenSchema } from '../host/writerParams';
import type { Bench } from '../method/bench';
import { doubtsOf, type Outcome } from '../method/outcome';
import { withProgram, type Program } from '../method/program';
import { ROUNDS } from '../method/rounds';
import { median, medianOfRounds, quantile } from '../method/statistics';
import { setTimeout as delay } from 'node:timers/promises';

const WRITES = 180;
/** Farther apart than a frame's interval, and never in step with anything. */
const GAP_MS = { fromMs: 20, toMs: 50 };
/** What is still on its way after the last write has arrived by then, or never will. */
const SETTLE_MS = 500;

/** From a write to the view that shows it, less what a bare watch needs for the same write. */
export const latencyBench: Bench = {
  name: 'latency',
  summary: 'a write is sent until a view behind the channel shows it, less the same for a bare watch',
  async run(context) {
    const { kubeconfig } = await context.cluster();
    const [name = ''] = await firstPersonaNames(kubeconfig, 1);
    return withProgram('hostProgram', ['--expose-gc'], (host) =>
      withProgram('bareWatchProgram', [], (bare) =>
        withProgram('writerProgram', [], async (writer) => {
          await host.ask('follow', { kubeconfig, name, isToldOfAll: false }, v.unknown());
          await bare.ask('open', kubeconfig, v.unknown());
          await writer.ask('open', kubeconfig, v.unknown());
          const programs = { host, bare, writer };
          // What was written first finds everything cold.
          await measureRound(programs, name, FIRST_SEQUENCE);
          return context.measuring(async () => {
            const rounds: Round[] = [];
            for (let round = 1; round <= ROUNDS; round += 1) {
              rounds.push(await measureRound(programs, name, FIRST_SEQUENCE + round * WRITES));
            }
            return outcomeOf(context.clusterKind, rounds);
          });
        }),
      ),
    );
  },
};

/** Latencies of one round's writes, in milliseconds. */
interface Round {
  readonly ours: readonly number[];
  readonly bare: readonly number[];
  readonly lost: number;
}

async function measureRound(
  programs: Readonly<Record<'host' | 'bare' | 'writer', Program>>,
  name: string,
  firstSequence: number,
): Promise<Round> {
  const { host, bare, writer } = programs;
  const { sentMs } = await writer.ask(
    'write',
    { names: [name], firstSequence, count: WRITES, ...GAP_MS },
    writtenSchema,
  );
  await delay(SETTLE_MS);
  const seen = v.array(sightingSchema);
  const ours = latencies(sentMs, firstSequence, await host.ask('sightings', undefined, seen));
  const control = latencies(sentMs, firstSequence, await bare.ask('sightings', undefined, seen));
  return { ours, bare: control, lost: 2 * WRITES - ours.length - control.length };
}

function latencies(
  sentMs: readonly number[],
  firstSequence: number,
  sightings: readonly Sighting[],
): number[] {
  return sentMs.flatMap((sent, index) => {
    const seen = seenAt(sightings, firstSequence + index);
    return seen === undefined ? [] : [seen - sent];
  });
}

function outcomeOf(cluster: string, rounds: readonly Round[]): Outcome {
  const of = (side: 'ours' | 'bare', q: number): number[] => rounds.map((round) => quantile(round[side], q));
  const less = (q: number): number => medianOfRounds(of('ours', q), of('bare', q), (a, b) => a - b);
  const lost = rounds.reduce((sum, round) => sum + round.lost, 0);
  const row = (what: string, p50: number, p99: number): string[] => [what, p50.toFixed(1), p99.toFixed(1)];
  return {
    figures: {
      cluster,
      p50Ms: less(0.5),
      p99Ms: less(0.99),
      oursP50Ms: median(of('ours', 0.5)),
      oursP99Ms: median(of('ours', 0.99)),
      bareP50Ms: median(of('bare', 0.5)),
      bareP99Ms: median(of('bare', 0.99)),
      lost,
    },
    targets: { p50Ms: { atMost: 5 }, p99Ms: { atMost: 20 }, lost: { atMost: 0 } },
    doubts: doubtsOf('the median of the bare watch', of('bare', 0.5)),
    table: [
      ['write sent → seen', 'p50, ms', 'p99, ms'],
      row('ours: view behind the channel', median(of('ours', 0.5)), median(of('ours', 0.99))),
      row('bare watch', median(of('bare', 0.5)), median(of('bare', 0.99))),
      row('ours − bare, median of the rounds', less(0.5), less(0.99)),
      row('limit', 5, 20),
    ],
  };
}
