import { setImmediate, setTimeout as delay } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import * as v from 'valibot';
import { workerText } from './bareScanWorker?worker';
import { systemClock, type Clock } from '../../../src/base/clock';
import { nullLogger } from '../../../src/base/logger';
import { seededRandom, systemRandom } from '../../../src/base/random';
import { ContainerLog } from '../../../src/hub/logs/containerLog';
import { LogBudget } from '../../../src/logs/logBudget';
import { LEVEL_BITS } from '../../../src/logs/logChunk';
import { LogView, type ViewStream } from '../../../src/logs/logView';
import { WorkerScanner } from '../../../src/node/workerScanner';
import type { LogFilter } from '../../../src/protocol/logView';
import { openKubeconfig } from '../clusters/openFetch';
import { EventLoopDelay } from '../method/eventLoopDelay';
import { memoryAfterCollection } from '../method/memory';
import { serveProgram } from '../method/serveProgram';
import { median } from '../method/statistics';
import {
  EXPRESSIONS,
  LINES,
  MERGED,
  openParams,
  POD,
  type bareSearched,
  type ingested,
  type jumped,
  type merged,
  type resumed,
  type searched,
} from './logsParams';

/** Ours: the log followed over the production transport, into the production store. */

const JUMPS = 500;
const WINDOW = 100;
const INGEST_DEADLINE_MS = 60_000;

let longestSliceMs = 0;

/** Measures one turn of our own work by the CPU time of this thread, so that others on the machine do not count. */
function metered(work: () => void): void {
  const before = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(before);
  longestSliceMs = Math.max(longestSliceMs, (user + system) / 1000);
}

const clock: Clock = {
  ...systemClock,
  schedule: (delayMs, callback) => systemClock.schedule(delayMs, () => metered(callback)),
};
const scanner = new WorkerScanner(clock);
const view = new LogView({
  clock,
  scanner,
  budget: new LogBudget(() => Number.POSITIVE_INFINITY),
  bounds: () => ({ keptMs: Number.POSITIVE_INFINITY, keptBytes: Number.POSITIVE_INFINITY }),
  onListenerError: (error) => {
    throw error;
  },
});
const stream: ViewStream = view.addStream(POD);
const meteredStream: ViewStream = {
  ...stream,
  append: (data) => metered(() => stream.append(data)),
};

async function ingest(params: unknown): Promise<v.InferOutput<typeof ingested>> {
  const { fetch } = await openKubeconfig(v.parse(openParams, params).kubeconfig);
  const before = await memoryAfterCollection();
  const eventLoop = new EventLoopDelay();
  const cpu = process.cpuUsage();
  eventLoop.begin();
  const startedMs = performance.now();
  const log = new ContainerLog({
    fetch,
    target: POD,
    stream: meteredStream,
    clock,
    random: systemRandom,
    logger: nullLogger,
    tailLines: undefined,
  });
  const all = Promise.withResolvers<void>();
  const listening = view.onChanged(() => stream.store.next >= LINES && all.resolve());
  await Promise.race([all.promise, delay(INGEST_DEADLINE_MS, undefined, { ref: false })]);
  const wallMs = performance.now() - startedMs;
  const longestDelayMs = eventLoop.end();
  const { user, system } = process.cpuUsage(cpu);
  listening.dispose();
  if (stream.store.next !== LINES || stream.store.first !== 0) {
    throw new Error(`${stream.store.next} lines came, ${log.state.type}`);
  }
  const after = await memoryAfterCollection();
  log.dispose();
  const levels = [0, 0, 0, 0, 0];
  for (const { flags, count } of stream.store.chunks) {
    for (let line = 0; line < count; line += 1) {
      const level = (flags[line] ?? 0) & LEVEL_BITS;
      levels[4 - level] = (levels[4 - level] ?? 0) + 1;
    }
  }
  return {
    wallMs,
    cpuMs: (user + system) / 1000,
    longestDelayMs,
    longestSliceMs,
    heldRssBytes: after.rss - before.rss,
    textBytes: stream.store.chunks.reduce((sum, { usedBytes }) => sum + usedBytes, 0),
    storeBytes: stream.store.heldBytes,
    levels,
  };
}

function expressionAt(params: unknown): string {
  return EXPRESSIONS[v.parse(v.number(), params)] ?? '';
}

let asked = 0;

async function search(params: unknown): Promise<v.InferOutput<typeof searched>> {
  // An alternative that is never there makes each search another one: none is known from before.
  asked += 1;
  const filter: LogFilter = {
    include: [{ text: expressionAt(params), isRegex: true, isCaseSensitive: true }],
    exclude: [],
    pods: [POD.pod, `${asked}`],
  };
  const eventLoop = new EventLoopDelay();
  eventLoop.begin();
  const startedMs = performance.now();
  const first = view.read({ type: 'end' }, WINDOW, filter);
  let { total, scan } = first;
  let firstMs: number | undefined;
  while (scan !== undefined && scan.lines < scan.of) {
    await new Promise<void>((resolve) => {
      const listening = view.onChanged(() => {
        listening.dispose();
        resolve();
      });
    });
    ({ total, scan } = view.read({ type: 'end' }, firstMs === undefined ? WINDOW : 1, filter));
    if (firstMs === undefined && total > 0) {
      firstMs = performance.now() - startedMs;
    }
  }
  return { wallMs: performance.now() - startedMs, firstMs, longestDelayMs: eventLoop.end(), matches: total };
}

/** A worker that has the same text in one buffer. */
let bare: Worker | undefined;

function bareWorker(): Worker {
  if (bare === undefined) {
    const { chunks } = stream.store;
    const bytes = new Uint8Array(
      new SharedArrayBuffer(chunks.reduce((sum, { usedBytes }) => sum + usedBytes, 0)),
    );
    let at = 0;
    for (const chunk of chunks) {
      bytes.set(chunk.bytes?.subarray(0, chunk.usedBytes) ?? [], at);
      at += chunk.usedBytes;
    }
    bare = new Worker(workerText, { eval: true, workerData: bytes });
  }
  return bare;
}

async function bareSearch(params: unknown): Promise<v.InferOutput<typeof bareSearched>> {
  const worker = bareWorker();
  const startedMs = performance.now();
  const answer = new Promise<unknown>((resolve) => worker.once('message', resolve));
  worker.postMessage(expressionAt(params));
  const matches = v.parse(v.number(), await answer);
  return { wallMs: performance.now() - startedMs, matches };
}

/** Both threads run, so that their start is not what is measured. */
async function warm(): Promise<void> {
  await search(EXPRESSIONS.length - 1);
  await bareSearch(EXPRESSIONS.length - 1);
}

/** CPU time from the question until the window could be sent. */
function jump(): v.InferOutput<typeof jumped> {
  const random = seededRandom(3);
  const times: number[] = [];
  for (let count = 0; count < JUMPS; count += 1) {
    // Of this thread alone: others on the machine do not count.
    const before = process.threadCpuUsage();
    const position = Math.floor(random.next() * LINES);
    const window = view.read({ type: 'position', position }, WINDOW);
    const text = JSON.stringify(window);
    const { user, system } = process.threadCpuUsage(before);
    times.push((user + system) / 1000);
    if (window.position !== position || text.length === 0) {
      throw new Error(`jumped to ${window.position} and not to ${position}`);
    }
  }
  return { worstMs: Math.max(...times), medianMs: median(times) };
}

/** Of a log of all lines. */
function resume(): v.InferOutput<typeof resumed> {
  const before = process.threadCpuUsage();
  const tail = stream.resume();
  const { user, system } = process.threadCpuUsage(before);
  if (tail?.sinceTime === undefined) {
    throw new Error('there is nothing to go on from');
  }
  return { cpuMs: (user + system) / 1000 };
}

const MERGED_SECONDS = 10;
/** As often as what a followed log brings is handed out. */
const LOTS_PER_SECOND = 500;

/** Lines that come as from pods that are followed, in small lots of one stream after the other, into one view. */
async function merge(): Promise<v.InferOutput<typeof merged>> {
  const several = new LogView({
    clock,
    scanner,
    budget: new LogBudget(() => Number.POSITIVE_INFINITY),
    bounds: () => ({ keptMs: Number.POSITIVE_INFINITY, keptBytes: Number.POSITIVE_INFINITY }),
    onListenerError: (error) => {
      throw error;
    },
  });
  const streams = Array.from({ length: MERGED.streams }, (_, index) =>
    several.addStream({ ...POD, pod: `loud-${index}` }),
  );
  const perLot = MERGED.linesPerSecond / LOTS_PER_SECOND / MERGED.streams;
  const encoder = new TextEncoder();
  const text = 'x'.repeat(70);
  longestSliceMs = 0;
  let cpuMs = 0;
  for (let lot = 0; lot < LOTS_PER_SECOND * MERGED_SECONDS; lot += 1) {
    for (const [index, loud] of streams.entries()) {
      const lines = Array.from({ length: perLot }, (_, line) => {
        const us = lot * (1_000_000 / LOTS_PER_SECOND) + line * MERGED.streams + index;
        const time = new Date(Date.UTC(2026, 0, 1) + Math.floor(us / 1_000)).toISOString();
        return `${time.slice(0, -1)}${String(us % 1_000).padStart(3, '0')}000Z INFO ${lot} ${text}\n`;
      });
      const data = encoder.encode(lines.join(''));
      const before = process.threadCpuUsage();
      metered(() => loud.append(data));
      const { user, system } = process.threadCpuUsage(before);
      cpuMs += (user + system) / 1000;
    }
    await setImmediate();
  }
  const before = process.threadCpuUsage();
  const { size } = several;
  const { user, system } = process.threadCpuUsage(before);
  several.dispose();
  if (size !== MERGED.linesPerSecond * MERGED_SECONDS) {
    throw new Error(`${size} lines have a place`);
  }
  return { cpuMsPerSecond: (cpuMs + (user + system) / 1000) / MERGED_SECONDS, longestSliceMs };
}

serveProgram({ ingest, search, bareSearch, warm, jump, resume, merge });
