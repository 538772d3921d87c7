import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import * as fc from 'fast-check';
import { MAX_FRAME_BYTES } from '../../../../src/hub/flow/frameRoom';
import { SharedBatches } from '../../../../src/hub/flow/sharedBatch';
import { CREDIT_WINDOW, SubscriberOutbox } from '../../../../src/hub/flow/subscriberOutbox';
import { PRIORITIES, type HubEvent, type Priority } from '../../../../src/protocol/hubEvent';
import { TimerWheel } from '../../../../src/base/timerWheel';
import { FakeClock } from '../../../support/fakeClock';
import { alertEvent, clusterEvent } from './flowEvents';

const LIMITS = { queuedEvents: 10_000, queuedBytes: 8 * 1024 * 1024 };

describe('SubscriberOutbox', () => {
  let clock: FakeClock;
  let wheel: TimerWheel;
  let frames: HubEvent[][];
  let drops: number;
  let outbox: SubscriberOutbox;

  beforeEach(() => {
    clock = new FakeClock();
    wheel = new TimerWheel(clock, 1);
    frames = [];
    drops = 0;
    outbox = make();
  });
  afterEach(() => {
    outbox.dispose();
    assert.equal(clock.pendingTimers, 0);
  });

  function make(limits = LIMITS): SubscriberOutbox {
    return new SubscriberOutbox({
      clock,
      wheel,
      batches: new SharedBatches(),
      limits,
      rate: 100,
      send: (events) => frames.push([...events]),
      onDropped: () => (drops += 1),
    });
  }

  it('sends the first event after a pause at once and later ones in frames of 10 ms', async () => {
    outbox.push(clusterEvent('cluster.updated', 'one'));
    await clock.advance(0);
    assert.equal(frames.length, 1);
    outbox.push(clusterEvent('cluster.updated', 'two'));
    outbox.push(clusterEvent('cluster.updated', 'three'));
    await clock.advance(9);
    assert.equal(frames.length, 1);
    await clock.advance(1);
    assert.equal(frames[1]?.length, 2);
  });

  it('follows another rate at once', async () => {
    outbox.push(clusterEvent('cluster.updated', 'one'));
    await clock.advance(0);
    outbox.push(clusterEvent('cluster.updated', 'two'));
    outbox.setRate(50);
    await clock.advance(19);
    assert.equal(frames.length, 1);
    outbox.setRate(200);
    await clock.advance(0);
    assert.equal(frames.length, 2);
  });

  it('says the same thing of state once, and each message of a stream', async () => {
    for (let time = 0; time < 3; time += 1) {
      outbox.push(clusterEvent('cluster.updated', 'one', { cursor: String(time) }));
      outbox.push(alertEvent('one', { cursor: String(time) }));
    }
    assert.equal(outbox.queued, 4);
    await clock.advance(0);
    assert.deepEqual(
      frames.map((events) => events.map(({ type, cursor }) => `${type} ${cursor}`)),
      [['cluster.updated 2', 'alert.raised 0', 'alert.raised 1', 'alert.raised 2']],
    );
  });

  it('sends the more urgent first, whatever kind it is, and else what was there first', () => {
    const message = fc.record({
      isStream: fc.boolean(),
      priority: fc.constantFrom<Priority[]>(...PRIORITIES),
    });
    return fc.assert(
      fc.asyncProperty(fc.array(message, { minLength: 1, maxLength: 40 }), async (messages) => {
        const box = make();
        frames = [];
        for (const [index, { isStream, priority }] of messages.entries()) {
          const told = { priority, cursor: String(index) };
          box.push(
            isStream ? alertEvent(`${index}`, told) : clusterEvent('cluster.updated', `${index}`, told),
          );
        }
        await clock.advance(10);
        box.dispose();
        const expected = messages
          .map(({ priority }, index) => ({ rank: PRIORITIES.indexOf(priority), index }))
          .toSorted((a, b) => a.rank - b.rank || a.index - b.index)
          .map(({ index }) => String(index));
        assert.deepEqual(
          frames.flat().map(({ cursor }) => cursor),
          expected,
        );
      }),
      { numRuns: 50 },
    );
  });

  it('makes no frame of more than 64 KiB, and fills each but the last', async () => {
    for (let index = 0; index < 1_000; index += 1) {
      outbox.push(clusterEvent('cluster.updated', `größe-${'x'.repeat(index % 200)}-${index}`));
    }
    while (outbox.queued > 0) {
      outbox.giveBack(CREDIT_WINDOW);
      await clock.advance(10);
    }
    assert.equal(frames.flat().length, 1_000);
    const sizes = frames.map((events) => Buffer.byteLength(JSON.stringify({ type: 'events', events })));
    assert.ok(sizes.length > 3);
    assert.ok(sizes.every((bytes) => bytes <= MAX_FRAME_BYTES));
    assert.ok(sizes.slice(0, -1).every((bytes) => bytes >= 0.8 * MAX_FRAME_BYTES));
  });

  it('sends an event that is larger than a frame by itself', async () => {
    outbox.push(clusterEvent('cluster.updated', 'a'));
    outbox.push(clusterEvent('cluster.updated', 'x'.repeat(100_000)));
    outbox.push(clusterEvent('cluster.updated', 'b'));
    await clock.advance(30);
    assert.deepEqual(
      frames.map((events) => events.length),
      [1, 1, 1],
    );
  });

  it('stops without credits and goes on when some are given back, with the latest alone', async () => {
    for (let version = 0; version < 50; version += 1) {
      outbox.push(clusterEvent('cluster.updated', 'a', { cursor: String(version) }));
      await clock.advance(10);
    }
    assert.equal(frames.length, CREDIT_WINDOW);
    assert.deepEqual([outbox.credits, outbox.queued], [0, 1]);
    outbox.giveBack(2);
    await clock.advance(1_000);
    assert.deepEqual(
      frames.at(-1)?.map(({ cursor }) => cursor),
      ['49'],
    );
    assert.equal(outbox.credits, 1);
  });

  it('lets nobody have more than the window, however much is given back', async () => {
    outbox.giveBack(1_000_000);
    assert.equal(outbox.credits, CREDIT_WINDOW);
    for (let version = 0; version < 20; version += 1) {
      outbox.push(clusterEvent('cluster.updated', 'a'));
      await clock.advance(10);
    }
    assert.equal(frames.length, CREDIT_WINDOW);
  });

  it('holds no more of streams than it may, counts what it drops and says so', async () => {
    outbox.dispose();
    outbox = make({ ...LIMITS, queuedEvents: 3 });
    for (let index = 0; index < 5; index += 1) {
      outbox.push(alertEvent('a', { cursor: String(index) }));
    }
    assert.deepEqual([outbox.queued, outbox.dropped, drops], [3, 2, 2]);
    outbox.setLimits({ ...LIMITS, queuedEvents: 1 });
    assert.deepEqual([outbox.queued, outbox.dropped, drops], [1, 4, 3]);
    outbox.reset();
    assert.equal(outbox.dropped, 0);
  });

  it('calls back once what waited then was sent, whatever came since, and says meanwhile that it cannot say what waits', async () => {
    const order: string[] = [];
    outbox.afterWaiting(() => order.push('nothing waited'));
    assert.deepEqual([order, outbox.waiting()], [['nothing waited'], []]);
    for (let index = 0; index < 600; index += 1) {
      outbox.push(clusterEvent('cluster.updated', `p${index}`));
    }
    outbox.afterWaiting(() => order.push(`after ${frames.length}`));
    assert.equal(outbox.waiting(), undefined);
    const late = clusterEvent('cluster.updated', 'late', { priority: 'low' });
    outbox.push(late);
    outbox.hold(true);
    await clock.advance(1_000);
    assert.deepEqual([frames.length, outbox.credits], [0, CREDIT_WINDOW]);
    outbox.hold(false);
    while (order.length === 1) {
      await clock.advance(10);
    }
    const told = frames.flat().length;
    assert.deepEqual([order, told >= 600], [['nothing waited', `after ${frames.length}`], true]);
    assert.deepEqual(outbox.waiting(), told === 601 ? [] : [late]);
  });

  it('calls back where what waited was dropped, and not at all where it was cleared', () => {
    let calls = 0;
    outbox.push(alertEvent('a'));
    outbox.afterWaiting(() => (calls += 1));
    outbox.setLimits({ ...LIMITS, queuedEvents: 0 });
    assert.equal(calls, 1);
    outbox.push(clusterEvent('cluster.updated', 'a'));
    outbox.afterWaiting(() => (calls += 1));
    outbox.clear();
    assert.deepEqual([calls, outbox.waiting()], [1, []]);
  });

  it('sends nothing that was pushed before it was cleared, nor after its disposal', async () => {
    outbox.push(clusterEvent('cluster.updated', 'one'));
    outbox.push(alertEvent('one'));
    outbox.clear();
    await clock.advance(20);
    outbox.dispose();
    outbox.push(clusterEvent('cluster.updated', 'two'));
    outbox.giveBack(1);
    await clock.advance(20);
    assert.deepEqual(frames, []);
    assert.equal(clock.pendingTimers, 0);
  });

  it('takes what was under way for arrived when it is cleared', async () => {
    for (let time = 0; time < CREDIT_WINDOW; time += 1) {
      outbox.push(clusterEvent('cluster.updated', 'one'));
      await clock.advance(10);
    }
    assert.equal(outbox.credits, 0);
    outbox.clear();
    assert.equal(outbox.credits, CREDIT_WINDOW);
  });

  it('sends 100,000 topics in frames of a few hundred, one after the other', async () => {
    for (let index = 0; index < 100_000; index += 1) {
      outbox.push(clusterEvent('cluster.updated', `persona-${index}`));
    }
    for (let frame = 0; frame < 20; frame += 1) {
      await clock.advance(10);
      outbox.giveBack(1);
    }
    assert.equal(frames.length, 21);
    assert.ok(frames.every((events) => events.length > 200 && events.length < 600));
    assert.equal(outbox.queued, 100_000 - frames.flat().length);
  });
});
