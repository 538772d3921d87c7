import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, statSync } from 'node:fs';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { writeKubeconfig } from '../../../src/demoServer/kubeconfigFile';
import { ensureKubernetesBinaries, type KubernetesBinaries } from '../../support/testbed/kubernetesBinaries';
import { RealCluster } from '../../support/testbed/realCluster';
import { temporaryFolder } from '../../support/testbed/temporaryFolder';
import type { Bench, BenchContext } from '../method/bench';
import { doubtsOf, type Outcome } from '../method/outcome';
import { Program, withProgram } from '../method/program';
import { interleave, ROUNDS } from '../method/rounds';
import { Sentinel } from '../method/sentinel';
import { median, medianOfRounds } from '../method/statistics';
import { benchLines } from './benchLines';
import { FLOOD_TARGETS, floodFigures, floodTable, measureFlood, type FloodMeasured } from './floodBench';
import { FLOOD, floodPod } from './floodParams';
import {
  bareSearched,
  EXPRESSIONS,
  ingested,
  jumped,
  LINES,
  merged,
  MERGED,
  POD,
  resumed,
  searched,
} from './logsParams';

type Ingested = v.InferOutput<typeof ingested>;
type Searched = v.InferOutput<typeof searched>;
type BareSearched = v.InferOutput<typeof bareSearched>;

const INGEST_DEADLINE_MS = 120_000;

/** Where the log is served. */
interface Served {
  readonly kubeconfig: string;
  readonly kubectl: string;
  /** Has pods write, beside the one whose log is long. */
  readonly writer: Program;
  stop(): Promise<void>;
}

/** A long log: brought in, held, searched, and jumped about in. */
export const logsBench: Bench = {
  name: 'logs',
  summary: `a log of ${LINES} lines: brought in, held, searched`,
  run: async (context) => {
    const served = await serve(context);
    const sentinel = await Sentinel.start();
    try {
      return await measure(context, served, sentinel);
    } finally {
      await sentinel.stop();
      await served.stop();
    }
  },
};

async function serve({ clusterKind, say }: BenchContext): Promise<Served> {
  const binaries = await ensureKubernetesBinaries(say);
  if (binaries.type === 'missing') {
    throw new Error(`There is no kubectl to be had: ${binaries.reason}`);
  }
  const { kubectl } = binaries.tool;
  const writer = await Program.start('floodServerProgram');
  if (clusterKind === 'real') {
    try {
      const cluster = await realPods(binaries.tool, writer);
      return {
        kubeconfig: cluster.kubeconfigs.admin,
        kubectl,
        writer,
        async stop() {
          await writer.stop();
          await cluster.stop();
        },
      };
    } catch (error) {
      await writer.stop();
      throw error;
    }
  }
  const folder = temporaryFolder('bench-logs');
  const server = await writer.ask('serve', undefined, v.string());
  const kubeconfig = writeKubeconfig(join(folder.path, 'kubeconfig'), [
    { name: 'demo', server, credentials: { type: 'none' } },
  ]);
  return {
    kubeconfig,
    kubectl,
    writer,
    async stop() {
      await writer.stop();
      folder.remove();
    },
  };
}

/** Simulated pods of a real API server: one with a long log, and those that `writer` has write. */
async function realPods(binaries: KubernetesBinaries, writer: Program): Promise<RealCluster> {
  const long = { namespace: POD.namespace, name: POD.pod, containers: [POD.container] };
  const loud = Array.from({ length: FLOOD.pods }, (_, index) => ({
    namespace: FLOOD.namespace,
    name: floodPod(index),
    containers: ['app'],
  }));
  const cluster = await RealCluster.start(binaries, { withCrd: true, kwok: { pods: [long, ...loud] } });
  try {
    await cluster.addNode('node-1');
    await cluster.addNamespace(POD.namespace);
    await cluster.addNamespace(FLOOD.namespace);
    for (const pod of [long, ...loud]) {
      await cluster.addPod(pod, 'node-1');
    }
    const { file } = cluster.containerLog(POD.namespace, POD.pod, POD.container);
    for (const piece of benchLines((time, text) => `${time} stdout F ${text}`)) {
      appendFileSync(file, piece);
    }
    const files = loud.map(({ namespace, name }) => cluster.containerLog(namespace, name, 'app').file);
    await writer.ask('useFiles', files, v.unknown());
    return cluster;
  } catch (error) {
    await cluster.stop();
    throw error;
  }
}

type OursRound = Ingested & { readonly stallMs: number };

interface Measured {
  readonly ours: readonly OursRound[];
  readonly kubectl: readonly number[];
  readonly searches: readonly SearchRounds[];
  readonly jumps: v.InferOutput<typeof jumped>;
  readonly resumeMs: number;
  readonly several: v.InferOutput<typeof merged>;
  readonly flood: FloodMeasured;
}

interface SearchRounds {
  readonly ours: readonly Searched[];
  readonly bare: readonly BareSearched[];
}

async function measure(context: BenchContext, served: Served, sentinel: Sentinel): Promise<Outcome> {
  const { measuring, say } = context;
  const folder = temporaryFolder('bench-kubectl');
  try {
    const ours: OursRound[] = [];
    const { kubectl } = await measuring(() =>
      interleave({
        ours: async () => {
          const round = await bringIn(served, sentinel);
          ours.push(round);
          return round.wallMs;
        },
        kubectl: () => writeByKubectl(served, join(folder.path, 'log')),
      }),
    );
    say('Searching');
    const inHost = await withProgram('logsReaderProgram', ['--expose-gc'], async (program) => {
      await program.ask('ingest', { kubeconfig: served.kubeconfig }, ingested, INGEST_DEADLINE_MS);
      await program.ask('warm', undefined, v.unknown());
      const searches = await measuring(() => search(program));
      const jumps = await program.ask('jump', undefined, jumped);
      const { cpuMs: resumeMs } = await program.ask('resume', undefined, resumed);
      const several = await program.ask('merge', undefined, merged);
      return { searches, jumps, resumeMs, several };
    });
    const flood = await measureFlood(context, served.kubeconfig, served.writer);
    return outcomeOf({ ours, kubectl, ...inHost, flood });
  } finally {
    folder.remove();
  }
}

function bringIn({ kubeconfig }: Served, sentinel: Sentinel): Promise<OursRound> {
  return withProgram('logsReaderProgram', ['--expose-gc'], async (program) => {
    const { result, sentinelMs } = await sentinel.beside(() =>
      program.ask('ingest', { kubeconfig }, ingested, INGEST_DEADLINE_MS),
    );
    return { ...result, stallMs: Math.max(0, result.longestDelayMs - sentinelMs) };
  });
}

async function search(program: Program): Promise<readonly SearchRounds[]> {
  const all: SearchRounds[] = [];
  for (let index = 0; index < EXPRESSIONS.length; index += 1) {
    const ours: Searched[] = [];
    const bare: BareSearched[] = [];
    await interleave({
      ours: async () => ours.push(await program.ask('search', index, searched)),
      bare: async () => bare.push(await program.ask('bareSearch', index, bareSearched)),
    });
    all.push({ ours, bare });
  }
  return all;
}

/** Wall milliseconds until kubectl has written the log into a file. */
async function writeByKubectl({ kubeconfig, kubectl }: Served, file: string): Promise<number> {
  const output = openSync(file, 'w');
  try {
    const startedMs = performance.now();
    const { namespace, pod, container } = POD;
    const args = ['--kubeconfig', kubeconfig, 'logs', '--timestamps', '-n', namespace, pod, '-c', container];
    const child = spawn(kubectl, args, { stdio: ['ignore', output, 'inherit'] });
    const [code] = await once(child, 'exit');
    const wallMs = performance.now() - startedMs;
    if (code !== 0 || statSync(file).size < LINES * 100) {
      throw new Error(`kubectl ended with ${String(code)} after ${statSync(file).size} bytes`);
    }
    return wallMs;
  } finally {
    closeSync(output);
  }
}

function outcomeOf({ ours, kubectl, searches, jumps, resumeMs, several, flood }: Measured): Outcome {
  const of = (figure: (round: OursRound) => number): number => median(ours.map(figure));
  const ofBare = searches.map((rounds) =>
    medianOfRounds(rounds.ours, rounds.bare, (a, b) => a.wallMs / b.wallMs),
  );
  const total = (rounds: readonly { readonly wallMs: number }[][]): number[] =>
    Array.from({ length: ROUNDS }, (_, round) =>
      rounds.reduce((sum, each) => sum + (each[round]?.wallMs ?? 0), 0),
    );
  const oursTotal = total(searches.map((rounds) => [...rounds.ours]));
  const bareTotal = total(searches.map((rounds) => [...rounds.bare]));
  const firsts = searches.flatMap((rounds) => rounds.ours.flatMap(({ firstMs }) => firstMs ?? []));
  const different = searches.filter(({ ours: mine, bare }) => mine[0]?.matches !== bare[0]?.matches).length;
  const figures = {
    ingestMs: of(({ wallMs }) => wallMs),
    kubectlMs: median(kubectl),
    ofKubectl: medianOfRounds(ours, kubectl, (mine, theirs) => mine.wallMs / theirs),
    ingestCpuMs: of(({ cpuMs }) => cpuMs),
    textMb: of(({ textBytes }) => textBytes / 1e6),
    memoryOfText: of(({ heldRssBytes, textBytes }) => heldRssBytes / textBytes),
    storeOfText: of(({ storeBytes, textBytes }) => storeBytes / textBytes),
    longestSliceMs: Math.max(...ours.map(({ longestSliceMs }) => longestSliceMs)),
    stallMs: of(({ stallMs }) => stallMs),
    withLevel: of(({ levels }) => LINES - (levels[4] ?? 0)),
    searchOfBare: medianOfRounds(oursTotal, bareTotal, (a, b) => a / b),
    worstSearchOfBare: Math.max(...ofBare),
    firstMatchMs: Math.max(...firsts),
    searchDelayMs: Math.max(
      ...searches.flatMap((rounds) => rounds.ours.map(({ longestDelayMs }) => longestDelayMs)),
    ),
    different,
    jumpWorstMs: jumps.worstMs,
    jumpMedianMs: jumps.medianMs,
    resumeMs,
    mergedCpuMs: several.cpuMsPerSecond,
    mergedSliceMs: several.longestSliceMs,
    ...floodFigures(flood),
  };
  return {
    figures,
    targets: {
      ofKubectl: { atMost: 1.3 },
      memoryOfText: { atMost: 1.5 },
      longestSliceMs: { atMost: 50 },
      searchOfBare: { atMost: 1.3 },
      firstMatchMs: { atMost: 50 },
      different: { atMost: 0 },
      jumpWorstMs: { atMost: 50 },
      resumeMs: { atMost: 50 },
      mergedSliceMs: { atMost: 50 },
      ...FLOOD_TARGETS,
    },
    doubts: [...doubtsOf('kubectl', kubectl), ...doubtsOf('the bare search', bareTotal)],
    table: [
      [`${LINES} lines, ${figures.textMb.toFixed(0)} MB`, 'ours', 'kubectl', 'limit'],
      ['brought in, s', (figures.ingestMs / 1000).toFixed(2), (figures.kubectlMs / 1000).toFixed(2), '1.3 ×'],
      ['memory, of the text', figures.memoryOfText.toFixed(2), '', '1.5'],
      ['longest slice, ms of CPU time', figures.longestSliceMs.toFixed(1), '', '50'],
      ['longest stall of the event loop, ms', figures.stallMs.toFixed(1), '', ''],
      ['ten expressions', 'ours', 'one buffer', ''],
      ...EXPRESSIONS.map((expression, index) => [
        expression,
        `${median((searches[index]?.ours ?? []).map(({ wallMs }) => wallMs)).toFixed(0)} ms`,
        `${median((searches[index]?.bare ?? []).map(({ wallMs }) => wallMs)).toFixed(0)} ms`,
        `${searches[index]?.ours[0]?.matches ?? 0} lines`,
      ]),
      ['all of them', figures.searchOfBare.toFixed(2), '1', '1.3'],
      ['first match, worst, ms', figures.firstMatchMs.toFixed(1), '', '50'],
      ['jump, worst, ms', figures.jumpWorstMs.toFixed(1), '', '50'],
      ['from where on it is asked for again, ms', figures.resumeMs.toFixed(1), '', '50'],
      [
        `${MERGED.linesPerSecond} lines of ${MERGED.streams} streams merged, ms of CPU time`,
        figures.mergedCpuMs.toFixed(0),
        '',
        '1,000',
      ],
      ['longest slice of that, ms', figures.mergedSliceMs.toFixed(1), '', '50'],
      ...floodTable(flood),
    ],
  };
}
