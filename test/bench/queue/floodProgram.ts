import { join } from 'node:path';
import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import { getHeapStatistics } from 'node:v8';
import { MessageChannel, Worker } from 'node:worker_threads';
import * as v from 'valibot';
import { systemClock, type Clock } from '../../../src/base/clock';
import { nullLogger } from '../../../src/base/logger';
import { seededRandom, systemRandom } from '../../../src/base/random';
import type { FlowFigures } from '../../../src/hub/flow/flowRegistry';
import { Hub } from '../../../src/hub/hub';
import { Session } from '../../../src/hub/session';
import { PRIORITIES } from '../../../src/protocol/hubEvent';
import type { ServerMessage } from '../../../src/protocol/messages';
import { DEFAULT_REALTIME_LIMITS } from '../../../src/protocol/realtimeLimits';
import { alertTopic, clusterTopic } from '../../../src/protocol/topics';
import { nodeLoadMeter } from '../../../src/node/nodeLoadMeter';
import { PortChannel } from '../host/portChannel';
import { EventLoopDelay } from '../method/eventLoopDelay';
import { memoryAfterCollection } from '../method/memory';
import { serveProgram } from '../method/serveProgram';
import { FLOOD, seenSchema, type comparedSchema, type floodedSchema } from './queueParams';

/** A hub that is flooded, with one slow view behind the production session. */

const SOURCE = 'bench';
const VIEW_BUSY_MS = 20;
/** So many events are one turn of the event loop; a watch brings about as many at once. */
const AT_ONCE = 100;
const DRAIN_DEADLINE_MS = 30_000;

const onListenerError = (error: unknown): void => {
  throw error;
};

let longestSliceMs = 0;

/** Measures one turn of our own work by the CPU time of this thread, so that others on the machine do not count. */
function metered<T>(work: () => T): T {
  const before = process.threadCpuUsage();
  const result = work();
  const { user, system } = process.threadCpuUsage(before);
  longestSliceMs = Math.max(longestSliceMs, (user + system) / 1000);
  return result;
}

const clock: Clock = {
  ...systemClock,
  schedule: (delayMs, callback) => systemClock.schedule(delayMs, () => metered(callback)),
};
const hub = new Hub({
  clock,
  random: systemRandom,
  logger: nullLogger,
  loadMeter: nodeLoadMeter,
});
const { port1, port2 } = new MessageChannel();
const session = new Session({
  hub,
  channel: new PortChannel<ServerMessage>(port1, onListenerError),
  clock,
  random: systemRandom,
  logger: nullLogger,
  hello: () => ({
    view: { type: 'detail', source: SOURCE, name: 'a' },
    limits: DEFAULT_REALTIME_LIMITS,
    language: 'en',
    texts: {},
  }),
  runCommand: () => Promise.resolve(),
  logTailLines: () => 100,
});
session.setVisible(true);
const viewProgram = join(__dirname, 'floodViewProgram.js');
const worker = new Worker(viewProgram, {
  workerData: { port: port2, busyMs: VIEW_BUSY_MS },
  transferList: [port2],
});
worker.on('error', onListenerError);
const opened = new Promise((resolve) => worker.once('message', resolve));
/** The cursor of the last event of each topic of state. */
const truth = new Map<string, string>();
let heapBeforeBytes = 0;

async function open(): Promise<void> {
  await opened;
  // The subscription is behind `open`.
  await delay(100);
  hub.onEvent(({ type, topic, cursor }) => {
    if (type !== 'alert.raised') {
      truth.set(topic, cursor);
    }
  });
  heapBeforeBytes = (await memoryAfterCollection()).heap;
}

function figures(): FlowFigures {
  const [first] = hub.flows.figures();
  if (first === undefined) {
    throw new Error('nobody is served');
  }
  return first;
}

async function flood(): Promise<v.InferOutput<typeof floodedSchema>> {
  const eventLoop = new EventLoopDelay();
  let mostQueued = 0;
  let peakHeapBytes = 0;
  const look = (): void => {
    mostQueued = Math.max(mostQueued, figures().queued);
    peakHeapBytes = Math.max(peakHeapBytes, getHeapStatistics().used_heap_size);
  };
  const publish = publisher();
  const total = FLOOD.stateEvents + FLOOD.streamEvents;
  eventLoop.begin();
  const startedMs = performance.now();
  longestSliceMs = 0;
  for (let from = 0; from < total; from += AT_ONCE) {
    metered(() => {
      for (let index = from; index < from + AT_ONCE; index += 1) {
        publish(index);
      }
    });
    look();
    await nextTurn();
  }
  const floodedMs = performance.now();
  const endMs = floodedMs + DRAIN_DEADLINE_MS;
  while (figures().queued > 0 && performance.now() < endMs) {
    look();
    await delay(5);
  }
  const drainedMs = performance.now();
  return {
    wallMs: drainedMs - startedMs,
    drainMs: drainedMs - floodedMs,
    longestDelayMs: eventLoop.end(),
    longestSliceMs,
    mostQueued,
    peakHeapBytes,
  };
}

/** What came of it, once the last frames are worked off and the last drops told. */
async function compare(): Promise<v.InferOutput<typeof comparedSchema>> {
  await delay(1_500);
  const { dropped } = figures();
  const heapAfterBytes = (await memoryAfterCollection()).heap;
  const seen = await ask();
  const known = new Map(seen.known);
  return {
    frames: seen.frames,
    different: [...truth].filter(([topic, cursor]) => known.get(topic) !== cursor).length,
    unaccounted: FLOOD.streamEvents - seen.streamEvents - dropped,
    outOfOrder: seen.outOfOrder,
    dropped,
    isTold: dropped === 0 || seen.recovered > 0,
    heapBeforeBytes,
    heapAfterBytes,
  };
}

/** Changes of state, and after every four of them a message of a stream. */
function publisher(): (index: number) => void {
  const random = seededRandom(6);
  const every = (FLOOD.stateEvents + FLOOD.streamEvents) / FLOOD.streamEvents;
  return (index) => {
    if (index % every === every - 1) {
      const topic = Math.floor(random.next() * FLOOD.streamTopics);
      const fingerprint = topic.toString(16);
      hub.publish({
        type: 'alert.raised',
        topic: alertTopic(SOURCE, fingerprint),
        data: { source: SOURCE, name: String(index), fingerprint, severity: 'warning' },
        priority: PRIORITIES[topic % PRIORITIES.length] ?? 'normal',
      });
      return;
    }
    const name = `cluster-${Math.floor(random.next() * FLOOD.stateTopics)}`;
    hub.publish({
      type: 'cluster.updated',
      topic: clusterTopic(SOURCE, name),
      data: { source: SOURCE, name },
      priority: 'normal',
    });
  };
}

async function ask(): Promise<v.InferOutput<typeof seenSchema>> {
  const answer = new Promise<unknown>((resolve) => worker.once('message', resolve));
  worker.postMessage('seen');
  return v.parse(v.object({ seen: seenSchema }), await answer).seen;
}

serveProgram({ open, flood, compare });
