import { setTimeout as delay } from 'node:timers/promises';
import * as v from 'valibot';
import { firstPersonaNames } from '../clusters/firstPersonaNames';
import { resourceVersionsIn } from '../clusters/resourceVersionsIn';
import { hostMeasurement, resourceVersionsSchema } from '../host/hostMeasurements';
import { FIRST_SEQUENCE } from '../host/sequence';
import { writtenSchema } from '../host/writerParams';
import { PERSONAS, type Bench } from '../method/bench';
import { doubtsOf, type Outcome } from '../method/outcome';
import { withProgram, type Program } from '../method/program';
import { ROUNDS } from '../method/rounds';
import { median } from '../method/statistics';

const WRITES_PER_SECOND = 200;
const ROUND_S = 4;
const LONG_ROUND_S = 60;
/** Each is written again and again, so that an order of writes shows; all together they are a part of the whole. */
const WRITTEN_PERSONAS = 250;
const ARRIVAL_DEADLINE_MS = 5_000;
/** Slower writes are another question than the one asked. */
const MIN_RATE_SHARE = 0.95;

/** What a busy collection costs the host that follows it, and whether it tells the truth meanwhile. */
export const churnBench: Bench = {
  name: 'churn',
  summary: `${PERSONAS} personas, ${WRITES_PER_SECOND} status writes a second: CPU of the host, nothing lost, heap back after`,
  async run(context) {
    const { kubeconfig } = await context.cluster();
    const names = await firstPersonaNames(kubeconfig, WRITTEN_PERSONAS);
    const [name = ''] = names;
    const roundS = context.isLong ? LONG_ROUND_S : ROUND_S;
    const roundCount = context.isLong ? 1 : ROUNDS;
    return withProgram('hostProgram', ['--expose-gc'], (host) =>
      withProgram('bareWatchProgram', [], (bare) =>
        withProgram('writerProgram', [], async (writer) => {
          await host.ask('follow', { kubeconfig, name, isToldOfAll: true }, v.unknown());
          await bare.ask('open', kubeconfig, v.unknown());
          await writer.ask('open', kubeconfig, v.unknown());
          const programs = { host, bare, writer };
          let sequence = FIRST_SEQUENCE;
          const round = async (seconds: number): Promise<Round> => {
            const count = seconds * WRITES_PER_SECOND;
            const measured = await measureRound(programs, names, sequence, count);
            sequence += count;
            return measured;
          };
          await round(ROUND_S);
          const heapBefore = await host.ask('heap', undefined, v.number());
          const rounds = await context.measuring(async () => {
            const measured: Round[] = [];
            while (measured.length < roundCount) {
              measured.push(await round(roundS));
            }
            return measured;
          });
          const heapAfter = await host.ask('heap', undefined, v.number());
          const held = await host.ask('resourceVersions', undefined, resourceVersionsSchema);
          const different = differences(held, await resourceVersionsIn(kubeconfig));
          return outcomeOf({ cluster: context.clusterKind, rounds, heapBefore, heapAfter, different });
        }),
      ),
    );
  },
};

interface Round {
  readonly oursCpuShare: number;
  readonly bareCpuShare: number;
  readonly writesPerSecond: number;
  readonly lost: number;
  readonly outOfOrder: number;
}

const bareMeasurement = v.object({ cpuMs: v.number(), events: v.number() });
const writeDeadlineMs = (count: number): number => 30_000 + (3_000 * count) / WRITES_PER_SECOND;

async function measureRound(
  { host, bare, writer }: Readonly<Record<'host' | 'bare' | 'writer', Program>>,
  names: readonly string[],
  firstSequence: number,
  count: number,
): Promise<Round> {
  const gapMs = 1000 / WRITES_PER_SECOND;
  await host.ask('begin', undefined, v.unknown());
  await bare.ask('begin', undefined, v.unknown());
  const startedMs = performance.now();
  const { wallMs } = await writer.ask(
    'write',
    { names, firstSequence, count, fromMs: gapMs, toMs: gapMs },
    writtenSchema,
    writeDeadlineMs(count),
  );
  await untilArrived(host, count);
  const overMs = performance.now() - startedMs;
  const ours = await host.ask('end', undefined, hostMeasurement);
  const control = await bare.ask('end', undefined, bareMeasurement);
  return {
    oursCpuShare: ours.cpuMs / overMs,
    bareCpuShare: control.cpuMs / overMs,
    writesPerSecond: (count / wallMs) * 1000,
    lost: count - ours.updates,
    outOfOrder: ours.outOfOrder,
  };
}

/** Waits for the last event; whether all came is judged by whoever counts them. */
async function untilArrived(host: Program, count: number): Promise<void> {
  const endMs = performance.now() + ARRIVAL_DEADLINE_MS;
  while (performance.now() < endMs && (await host.ask('updates', undefined, v.number())) < count) {
    await delay(20);
  }
}

function differences(
  held: Readonly<Record<string, string>>,
  there: Readonly<Record<string, string>>,
): number {
  const names = new Set([...Object.keys(held), ...Object.keys(there)]);
  return [...names].filter((name) => held[name] !== there[name]).length;
}

function outcomeOf(found: {
  readonly cluster: string;
  readonly rounds: readonly Round[];
  readonly heapBefore: number;
  readonly heapAfter: number;
  readonly different: number;
}): Outcome {
  const { cluster, rounds, heapBefore, heapAfter, different } = found;
  const of = (figure: (round: Round) => number): number => median(rounds.map(figure));
  const sum = (figure: (round: Round) => number): number =>
    rounds.reduce((total, round) => total + figure(round), 0);
  const rate = of(({ writesPerSecond }) => writesPerSecond);
  const cpuPercent = 100 * of(({ oursCpuShare }) => oursCpuShare);
  const barePercent = 100 * of(({ bareCpuShare }) => bareCpuShare);
  return {
    figures: {
      cluster,
      cpuPercent,
      bareCpuPercent: barePercent,
      writesPerSecond: rate,
      lost: sum(({ lost }) => lost),
      outOfOrder: sum(({ outOfOrder }) => outOfOrder),
      differentAtRest: different,
      heapMbBefore: heapBefore / 1e6,
      heapGrowthPercent: (100 * (heapAfter - heapBefore)) / heapBefore,
    },
    targets: {
      cpuPercent: { atMost: 15 },
      lost: { atMost: 0 },
      outOfOrder: { atMost: 0 },
      differentAtRest: { atMost: 0 },
      heapGrowthPercent: { atMost: 5 },
    },
    doubts: [
      ...doubtsOf(
        'the CPU time of the bare watch',
        rounds.map(({ bareCpuShare }) => bareCpuShare),
      ),
      ...(rate < MIN_RATE_SHARE * WRITES_PER_SECOND
        ? [`the cluster took ${rate.toFixed(0)} writes a second, not ${WRITES_PER_SECOND}`]
        : []),
    ],
    table: [
      [`${rate.toFixed(0)} writes/s`, 'CPU, % of a core'],
      ['ours: informer + hub + session', cpuPercent.toFixed(1)],
      ['bare watch, lines parsed, nothing kept', barePercent.toFixed(1)],
      ['limit', '15'],
    ],
  };
}
