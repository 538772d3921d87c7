import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { BENCHES } from './benches';
import { startBenchCluster, type BenchCluster, type ClusterKind } from './clusters/benchCluster';
import { PERSONAS, type Bench, type BenchContext } from './method/bench';
import { verdictOf, type Outcome, type Verdict } from './method/outcome';
import { renderTable } from './method/table';

const USAGE = 'npm run bench -- NAME… [--json FILE] [--cluster demo|real] [--long]';

/** The command line is not what this program understands. */
class UsageError extends Error {}

interface Arguments {
  readonly benches: readonly Bench[];
  readonly json: string | undefined;
  readonly cluster: ClusterKind;
  readonly isLong: boolean;
}

function readArguments(): Arguments {
  const { values, positionals } = parse();
  const unknown = positionals.find((name) => BENCHES.every((bench) => bench.name !== name));
  if (unknown !== undefined) {
    throw new UsageError(`There is no bench "${unknown}"`);
  }
  const cluster = values.cluster ?? 'demo';
  if (cluster !== 'demo' && cluster !== 'real') {
    throw new UsageError(`A cluster is demo or real, not "${cluster}"`);
  }
  return {
    benches: BENCHES.filter(({ name }) => positionals.includes(name)),
    json: values.json === undefined ? undefined : resolve(process.env['INIT_CWD'] ?? '.', values.json),
    cluster,
    isLong: values.long === true,
  };
}

function parse() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: { json: { type: 'string' }, cluster: { type: 'string' }, long: { type: 'boolean' } },
    });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function list(): void {
  console.log(`${USAGE}\n`);
  console.log(renderTable([['bench', ''], ...BENCHES.map(({ name, summary }) => [name, summary])]));
}

/** Runs benches one after the other, on one cluster where they need the same. */
async function run({ benches, cluster: clusterKind, isLong }: Arguments): Promise<Verdict[]> {
  let cluster: Promise<BenchCluster> | undefined;
  let measuredMs = 0;
  const say = (line: string): void => console.log(`- ${line}`);
  const context: BenchContext = {
    clusterKind,
    isLong,
    say,
    cluster() {
      if (cluster === undefined) {
        say(`Filling a ${clusterKind} cluster with ${PERSONAS} personas`);
        cluster = startBenchCluster(clusterKind, PERSONAS, say);
      }
      return cluster;
    },
    async measuring(measure) {
      if (measuredMs === 0) {
        say('Measuring');
      }
      const startedMs = performance.now();
      try {
        return await measure();
      } finally {
        measuredMs += performance.now() - startedMs;
      }
    },
  };
  const verdicts: Verdict[] = [];
  try {
    for (const bench of benches) {
      console.log(`\n${bench.name}: ${bench.summary}`);
      measuredMs = 0;
      const outcome = await bench.run(context);
      verdicts.push(
        report(bench.name, { ...outcome, figures: { ...outcome.figures, measuredS: measuredMs / 1000 } }),
      );
    }
  } finally {
    await cluster?.then(
      (started) => started.stop(),
      () => undefined,
    );
  }
  return verdicts;
}

/** Prints a bench's table, what it missed and doubts, and as its last line the verdict as JSON. */
function report(name: string, outcome: Outcome): Verdict {
  const verdict = verdictOf(name, outcome);
  console.log(`\n${renderTable(outcome.table)}\n`);
  for (const [key, { met, ...target }] of Object.entries(verdict.targets)) {
    const bound = 'atMost' in target ? `≤ ${target.atMost}` : `≥ ${target.atLeast}`;
    console.log(`${met ? 'met   ' : 'MISSED'}  ${key} = ${String(verdict.figures[key])} (${bound})`);
  }
  for (const doubt of outcome.doubts) {
    console.log(`inconclusive: ${doubt}`);
  }
  console.log(JSON.stringify(verdict));
  return verdict;
}

async function main(): Promise<void> {
  const args = readArguments();
  if (args.benches.length === 0) {
    list();
    return;
  }
  const verdicts = await run(args);
  if (args.json !== undefined) {
    writeFileSync(args.json, `${JSON.stringify(verdicts, undefined, 2)}\n`);
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof UsageError ? `${error.message}\nUsage: ${USAGE}` : error);
  process.exitCode = 1;
});
