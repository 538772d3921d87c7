import TinyQueue from 'tinyqueue';
import { seededRandom } from '../../../src/base/random';
import { eventBytes } from '../../../src/hub/flow/eventBytes';
import { PriorityFifo, rankOf, Sequence } from '../../../src/hub/flow/priorityFifo';
import { StreamQueue } from '../../../src/hub/flow/streamQueue';
import { PRIORITIES, type HubEvent } from '../../../src/protocol/hubEvent';
import { alertTopic } from '../../../src/protocol/topics';
import { serveProgram } from '../method/serveProgram';
import { HELD } from './queueParams';

/** One message put in and one taken out, again and again, while others wait: our queue, and a binary heap of npm's. */

const PAIRS = 300_000;
const TOPICS = 20_000;

/** Each topic keeps its priority, as alerts do. */
const events: readonly HubEvent[] = Array.from({ length: TOPICS }, (_, index) => {
  const random = seededRandom(index);
  const fingerprint = Math.floor(random.next() * 2 ** 32).toString(16);
  return {
    type: 'alert.raised',
    topic: alertTopic('3f9c2e71', fingerprint),
    data: { source: '3f9c2e71', name: `cluster-${index}`, fingerprint, severity: 'warning' },
    cursor: `k3v9x2ab.${index}`,
    at: 1_767_225_600_000 + index,
    priority: PRIORITIES[Math.floor(random.next() * PRIORITIES.length)] ?? 'normal',
  };
});

function eventAt(index: number): HubEvent {
  const event = events[index % TOPICS];
  if (event === undefined) {
    throw new RangeError('there are no events');
  }
  return event;
}

/** By CPU time, that of collecting garbage included. */
function pairsPerSecond(pair: (index: number) => void): number {
  const before = process.cpuUsage();
  for (let index = 0; index < PAIRS; index += 1) {
    pair(HELD + index);
  }
  const { user, system } = process.cpuUsage(before);
  return (1e6 * PAIRS) / (user + system);
}

function ours() {
  // One more for the moment between putting in and taking out.
  const queue = new StreamQueue(new Sequence(), {
    queuedEvents: HELD + 1,
    queuedBytes: Number.MAX_SAFE_INTEGER,
  });
  const put = (index: number): void => {
    const event = eventAt(index);
    queue.put(event, eventBytes(event));
  };
  for (let index = 0; index < HELD; index += 1) {
    put(index);
  }
  const speed = pairsPerSecond((index) => {
    put(index);
    const first = queue.first();
    if (first !== undefined) {
      queue.remove(first);
    }
  });
  let outOfOrder = queue.size === HELD && queue.dropped === 0 ? 0 : 1;
  let rank = 0;
  for (let first = queue.first(); first !== undefined; first = queue.first()) {
    outOfOrder += Number(first.rank < rank);
    ({ rank } = first);
    queue.remove(first);
  }
  return { pairsPerSecond: speed, outOfOrder };
}

/** The same as the heap does, and nothing more: priority and age. */
function bare() {
  const queue = new PriorityFifo<HubEvent>(new Sequence());
  const put = (index: number): void => {
    const event = eventAt(index);
    queue.push(event, rankOf(event.priority));
  };
  for (let index = 0; index < HELD; index += 1) {
    put(index);
  }
  const speed = pairsPerSecond((index) => {
    put(index);
    const first = queue.first();
    if (first !== undefined) {
      queue.remove(first);
    }
  });
  return { pairsPerSecond: speed, outOfOrder: queue.size === HELD ? 0 : 1 };
}

interface Item {
  readonly event: HubEvent;
  readonly rank: number;
  readonly sequence: number;
}

function heap() {
  const queue = new TinyQueue<Item>([], (a, b) => a.rank - b.rank || a.sequence - b.sequence);
  const put = (index: number): void => {
    const event = eventAt(index);
    queue.push({ event, rank: PRIORITIES.indexOf(event.priority), sequence: index });
  };
  for (let index = 0; index < HELD; index += 1) {
    put(index);
  }
  const speed = pairsPerSecond((index) => {
    put(index);
    queue.pop();
  });
  return { pairsPerSecond: speed, outOfOrder: queue.length === HELD ? 0 : 1 };
}

serveProgram({ ours, bare, heap });
