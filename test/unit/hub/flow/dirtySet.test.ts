import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { DirtySet } from '../../../../src/hub/flow/dirtySet';
import { Sequence } from '../../../../src/hub/flow/priorityFifo';
import { PRIORITIES, type HubEvent, type Priority } from '../../../../src/protocol/hubEvent';
import { clusterEvent } from './flowEvents';

function taken(set: DirtySet): HubEvent | undefined {
  const node = set.first();
  if (node !== undefined) {
    set.remove(node);
  }
  return node?.value.event;
}

function drained(set: DirtySet): HubEvent[] {
  const events: HubEvent[] = [];
  for (let event = taken(set); event !== undefined; event = taken(set)) {
    events.push(event);
  }
  return events;
}

/** The same by hand, over one list that is gone through each time. */
class NaiveSet {
  #held: { event: HubEvent; rank: number; order: number }[] = [];
  #order = 0;

  put(event: HubEvent): void {
    const rank = PRIORITIES.indexOf(event.priority);
    const held = this.#held.find((other) => other.event.topic === event.topic);
    this.#order += 1;
    if (held === undefined) {
      this.#held.push({ event, rank, order: this.#order });
      return;
    }
    if (event.replayed !== true || held.event.replayed === true) {
      const isNew = held.event.type === 'cluster.added' && event.type === 'cluster.updated';
      held.event = isNew ? { ...event, type: 'cluster.added' } : event;
    }
    if (rank < held.rank) {
      held.rank = rank;
      held.order = this.#order;
    }
  }

  take(): HubEvent | undefined {
    this.#held.sort((a, b) => a.rank - b.rank || a.order - b.order);
    return this.#held.shift()?.event;
  }

  get size(): number {
    return this.#held.length;
  }
}

describe('DirtySet', () => {
  it('holds what a list that is gone through each time would hold, in the same order', () => {
    const step = fc.oneof(
      { weight: 1, arbitrary: fc.constant(undefined) },
      {
        weight: 3,
        arbitrary: fc.record({
          type: fc.constantFrom('cluster.added', 'cluster.updated', 'cluster.deleted'),
          // Names that mean something to JavaScript are names like others.
          name: fc.constantFrom('a', 'b', 'constructor', '__proto__', ''),
          priority: fc.constantFrom<Priority[]>(...PRIORITIES),
          isReplayed: fc.boolean(),
        }),
      },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const set = new DirtySet(new Sequence());
        const model = new NaiveSet();
        for (const [index, next] of steps.entries()) {
          if (next === undefined) {
            assert.deepEqual(taken(set), model.take());
          } else {
            const { type, name, priority, isReplayed } = next;
            const event = clusterEvent(type, name, {
              priority,
              cursor: String(index),
              ...(isReplayed ? { replayed: true } : {}),
            });
            set.put(event);
            model.put(event);
          }
          assert.equal(set.size, model.size);
        }
        while (model.size > 0) {
          assert.deepEqual(taken(set), model.take());
        }
        assert.equal(taken(set), undefined);
      }),
    );
  });

  it('keeps news as news, and lets what came last have the last word', () => {
    const set = new DirtySet(new Sequence());
    set.put(clusterEvent('cluster.added', 'new'));
    set.put(clusterEvent('cluster.updated', 'new', { cursor: '2' }));
    set.put(clusterEvent('cluster.updated', 'gone'));
    set.put(clusterEvent('cluster.deleted', 'gone'));
    set.put(clusterEvent('cluster.deleted', 'back'));
    set.put(clusterEvent('cluster.added', 'back'));
    set.put(clusterEvent('cluster.updated', 'back'));
    assert.deepEqual(
      drained(set).map(({ type, topic, cursor }) => [type, topic, cursor]),
      [
        ['cluster.added', 'cluster.s.new', '2'],
        ['cluster.deleted', 'cluster.s.gone', ''],
        ['cluster.added', 'cluster.s.back', ''],
      ],
    );
  });

  it('tells of a range up to the newest, beginning with the oldest that is still held', () => {
    const set = new DirtySet(new Sequence());
    const appended = (first: number, next: number): HubEvent => ({
      type: 'log.appended',
      topic: 'log.s.1',
      data: { source: 's', stream: '1', first, next },
      cursor: '',
      at: 0,
      priority: 'low',
    });
    set.put(appended(0, 10));
    set.put(appended(5, 20));
    assert.deepEqual(drained(set), [appended(5, 20)]);
  });

  it('forgets everything when it is cleared', () => {
    const set = new DirtySet(new Sequence());
    set.put(clusterEvent('cluster.added', 'a'));
    set.clear();
    set.put(clusterEvent('cluster.updated', 'a'));
    assert.deepEqual(
      drained(set).map(({ type }) => type),
      ['cluster.updated'],
    );
  });
});
