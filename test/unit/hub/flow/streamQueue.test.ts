import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { Sequence } from '../../../../src/hub/flow/priorityFifo';
import { StreamQueue, type StreamLimits } from '../../../../src/hub/flow/streamQueue';
import { PRIORITIES, type HubEvent, type Priority } from '../../../../src/protocol/hubEvent';
import { alertEvent } from './flowEvents';

const AMPLE: StreamLimits = { queuedEvents: 10_000, queuedBytes: 1_000_000 };

function taken(queue: StreamQueue): HubEvent | undefined {
  const node = queue.first();
  if (node !== undefined) {
    queue.remove(node);
  }
  return node?.value.event;
}

function cursors(queue: StreamQueue): string[] {
  const told: string[] = [];
  for (let event = taken(queue); event !== undefined; event = taken(queue)) {
    told.push(event.cursor);
  }
  return told;
}

/** The same by hand, over one list that is gone through each time. */
class NaiveQueue {
  held: { event: HubEvent; bytes: number; rank: number; order: number }[] = [];
  dropped = 0;
  limits: StreamLimits;
  #order = 0;

  constructor(limits: StreamLimits) {
    this.limits = limits;
  }

  put(event: HubEvent, bytes: number): void {
    if (bytes > this.limits.queuedBytes) {
      this.dropped += 1;
      return;
    }
    const rank = PRIORITIES.indexOf(event.priority);
    const overtaken = this.held.filter((other) => other.event.topic === event.topic && other.rank > rank);
    for (const other of overtaken.sort((a, b) => a.rank - b.rank || a.order - b.order)) {
      other.rank = rank;
      other.order = this.#order += 1;
    }
    this.held.push({ event, bytes, rank, order: (this.#order += 1) });
    this.trim();
  }

  trim(): void {
    while (this.held.length > this.limits.queuedEvents || this.bytes > this.limits.queuedBytes) {
      this.held.sort((a, b) => b.rank - a.rank || a.order - b.order);
      this.held.shift();
      this.dropped += 1;
    }
  }

  take(): HubEvent | undefined {
    this.held.sort((a, b) => a.rank - b.rank || a.order - b.order);
    return this.held.shift()?.event;
  }

  get bytes(): number {
    return this.held.reduce((sum, { bytes }) => sum + bytes, 0);
  }
}

describe('StreamQueue', () => {
  it('does what a list that is gone through each time would do: order, drops, counts and bytes', () => {
    const limits = fc.record({
      queuedEvents: fc.integer({ min: 0, max: 8 }),
      queuedBytes: fc.integer({ min: 0, max: 200 }),
    });
    const step = fc.oneof(
      { weight: 3, arbitrary: fc.constant({ type: 'take' as const }) },
      { weight: 1, arbitrary: fc.record({ type: fc.constant('limits' as const), limits }) },
      {
        weight: 12,
        arbitrary: fc.record({
          type: fc.constant('put' as const),
          name: fc.constantFrom('a', 'b', '__proto__'),
          priority: fc.constantFrom<Priority[]>(...PRIORITIES),
          bytes: fc.integer({ min: 1, max: 60 }),
        }),
      },
    );
    fc.assert(
      fc.property(limits, fc.array(step, { maxLength: 80 }), (first, steps) => {
        const queue = new StreamQueue(new Sequence(), first);
        const model = new NaiveQueue(first);
        for (const [index, next] of steps.entries()) {
          if (next.type === 'take') {
            assert.deepEqual(taken(queue), model.take());
          } else if (next.type === 'limits') {
            queue.setLimits(next.limits);
            model.limits = next.limits;
            model.trim();
          } else {
            const event = alertEvent(next.name, { priority: next.priority, cursor: String(index) });
            queue.put(event, next.bytes);
            model.put(event, next.bytes);
          }
          assert.deepEqual(
            [queue.size, queue.bytes, queue.dropped],
            [model.held.length, model.bytes, model.dropped],
          );
        }
        while (model.held.length > 0) {
          assert.deepEqual(taken(queue), model.take());
        }
        assert.deepEqual([taken(queue), queue.size, queue.bytes], [undefined, 0, 0]);
      }),
      { numRuns: 500 },
    );
  });

  it('keeps the order of each topic, and every message is told or counted as dropped', () => {
    const message = fc.record({
      name: fc.constantFrom('a', 'b', 'c'),
      priority: fc.constantFrom<Priority[]>(...PRIORITIES),
    });
    fc.assert(
      fc.property(
        fc.array(message, { maxLength: 60 }),
        fc.integer({ min: 1, max: 60 }),
        (messages, bound) => {
          const queue = new StreamQueue(new Sequence(), { ...AMPLE, queuedEvents: bound });
          for (const [index, { name, priority }] of messages.entries()) {
            queue.put(alertEvent(name, { priority, cursor: String(index) }), 1);
          }
          const told: HubEvent[] = [];
          for (let event = taken(queue); event !== undefined; event = taken(queue)) {
            told.push(event);
          }
          for (const topic of new Set(told.map((event) => event.topic))) {
            const order = told.filter((event) => event.topic === topic).map(({ cursor }) => Number(cursor));
            assert.deepEqual(
              order,
              order.toSorted((a, b) => a - b),
            );
          }
          assert.equal(told.length + queue.dropped, messages.length);
        },
      ),
    );
  });

  it('drops the oldest of the lowest priority first, and a newcomer that is the lowest', () => {
    const queue = new StreamQueue(new Sequence(), { ...AMPLE, queuedEvents: 3 });
    const put = (cursor: string, priority: Priority): void =>
      queue.put(alertEvent(cursor, { priority, cursor }), 10);
    put('low 1', 'low');
    put('critical 1', 'critical');
    put('low 2', 'low');
    put('normal 1', 'normal');
    put('critical 2', 'critical');
    put('low 3', 'low');
    assert.equal(queue.dropped, 3);
    assert.deepEqual(cursors(queue), ['critical 1', 'critical 2', 'normal 1']);
  });

  it('takes nothing away for a message that would not fit even alone', () => {
    const queue = new StreamQueue(new Sequence(), { ...AMPLE, queuedBytes: 100 });
    queue.put(alertEvent('a', { priority: 'low', cursor: 'small' }), 60);
    queue.put(alertEvent('b', { priority: 'critical', cursor: 'huge' }), 101);
    assert.equal(queue.dropped, 1);
    assert.deepEqual(cursors(queue), ['small']);
  });

  it('has a topic’s waiting messages go with a more urgent one of theirs', () => {
    const queue = new StreamQueue(new Sequence(), AMPLE);
    const put = (name: string, cursor: string, priority: Priority): void =>
      queue.put(alertEvent(name, { priority, cursor }), 1);
    put('other', 'other', 'normal');
    put('a', 'a1', 'low');
    put('a', 'a2', 'low');
    put('a', 'a3', 'critical');
    assert.deepEqual(cursors(queue), ['a1', 'a2', 'a3', 'other']);
  });

  it('counts nothing as dropped that was cleared', () => {
    const queue = new StreamQueue(new Sequence(), AMPLE);
    queue.put(alertEvent('a'), 10);
    queue.clear();
    assert.deepEqual([queue.size, queue.bytes, queue.dropped], [0, 0, 0]);
    queue.put(alertEvent('a', { cursor: 'later' }), 10);
    assert.deepEqual(cursors(queue), ['later']);
  });
});
