import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { TimerWheel } from '../../../../src/base/timerWheel';
import { MAX_SHARED_EVENTS, SharedBatches } from '../../../../src/hub/flow/sharedBatch';
import { SubscriberOutbox } from '../../../../src/hub/flow/subscriberOutbox';
import type { HubEvent } from '../../../../src/protocol/hubEvent';
import { FakeClock } from '../../../support/fakeClock';
import { alertEvent, clusterEvent } from './flowEvents';

const LIMITS = { queuedEvents: 5, queuedBytes: 1_000_000 };
const SUBSCRIBERS = 3;

function update(name: string): HubEvent {
  return clusterEvent('cluster.updated', name);
}

/** Subscribers that gather together, and what each was sent. */
function begin(clock: FakeClock, subscribers = SUBSCRIBERS) {
  const wheel = new TimerWheel(clock, 1);
  const batches = new SharedBatches();
  const frames: (readonly HubEvent[])[][] = [];
  const log: string[] = [];
  const outboxes = Array.from({ length: subscribers }, (_, index) => {
    const sent: (readonly HubEvent[])[] = [];
    frames.push(sent);
    return new SubscriberOutbox({
      clock,
      wheel,
      batches,
      limits: LIMITS,
      rate: 100,
      send: (events) => {
        sent.push(events);
        log.push(`${index} is sent ${events.map(({ cursor }) => cursor).join(' ')}`);
      },
      onDropped: () => log.push(`${index} drops`),
    });
  });
  return { outboxes, frames, log, dispose: () => outboxes.forEach((outbox) => outbox.dispose()) };
}

describe('What several subscribers are told together', () => {
  it('is one and the same frame for all that were told the same', async () => {
    const clock = new FakeClock();
    const { outboxes, frames, dispose } = begin(clock);
    for (const event of [update('a'), update('b'), update('a')]) {
      outboxes.forEach((outbox) => outbox.push(event));
    }
    outboxes[2]?.push(update('c'));
    await clock.advance(1);
    const [[first], [second], [third]] = frames as [HubEvent[][], HubEvent[][], HubEvent[][]];
    assert.equal(first?.length, 2);
    assert.equal(second, first);
    assert.deepEqual(
      third?.map(({ topic }) => topic),
      ['cluster.s.a', 'cluster.s.b', 'cluster.s.c'],
    );
    dispose();
  });

  it('is not what was added for another one meanwhile', async () => {
    const clock = new FakeClock();
    const { outboxes, frames, dispose } = begin(clock, 2);
    const [one, other] = outboxes as [SubscriberOutbox, SubscriberOutbox];
    const [a, b, c] = [update('a'), update('b'), update('c')];
    one.push(a);
    other.push(a);
    one.push(b);
    other.push(c);
    await clock.advance(1);
    assert.deepEqual(frames, [[[a, b]], [[a, c]]]);
    dispose();
  });

  it('is bounded: of what waits for longer each subscriber has the latest of each topic alone', () => {
    const clock = new FakeClock();
    const { outboxes, dispose } = begin(clock, 1);
    for (let index = 0; index < 10 * MAX_SHARED_EVENTS; index += 1) {
      outboxes[0]?.push(update(`p${index % 7}`));
    }
    assert.equal(outboxes[0]?.queued, 7);
    dispose();
  });

  it('is what each would have been told alone', () => {
    const subscriber = fc.integer({ min: 0, max: SUBSCRIBERS - 1 });
    const told = fc.record({
      name: fc.constantFrom('a', 'b', 'c', 'd'),
      priority: fc.constantFrom('critical' as const, 'normal' as const, 'low' as const),
      isStream: fc.nat({ max: 9 }).map((value) => value === 0),
      isAdded: fc.boolean(),
      /** Most events are for all. */
      but: fc.option(subscriber, { freq: 4 }),
    });
    const step = fc.oneof(
      { weight: 8, arbitrary: fc.record({ type: fc.constant('tell' as const), told }) },
      {
        weight: 4,
        arbitrary: fc.record({ type: fc.constant('wait' as const), ms: fc.constantFrom(0, 1, 5, 10) }),
      },
      { weight: 1, arbitrary: fc.record({ type: fc.constant('giveBack' as const), subscriber }) },
      {
        weight: 1,
        arbitrary: fc.record({ type: fc.constant('hold' as const), subscriber, isHeld: fc.boolean() }),
      },
      { weight: 1, arbitrary: fc.record({ type: fc.constant('callBack' as const), subscriber }) },
      { weight: 1, arbitrary: fc.record({ type: fc.constant('clear' as const), subscriber }) },
      {
        weight: 1,
        arbitrary: fc.record({
          type: fc.constant('rate' as const),
          subscriber,
          rate: fc.constantFrom(20, 100),
        }),
      },
    );
    return fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 120 }), async (steps) => {
        const run = async (isAlone: boolean): Promise<readonly string[]> => {
          const clock = new FakeClock();
          const { outboxes, log, dispose } = begin(clock);
          let events = 0;
          for (const each of steps) {
            switch (each.type) {
              case 'tell': {
                const { name, priority, isStream, isAdded, but } = each.told;
                events += 1;
                const details = { priority, cursor: String(events) };
                const event = isStream
                  ? alertEvent(name, details)
                  : clusterEvent(isAdded ? 'cluster.added' : 'cluster.updated', name, details);
                outboxes.forEach((outbox, index) => index !== but && outbox.push(event));
                break;
              }
              case 'wait':
                await clock.advance(each.ms);
                break;
              case 'giveBack':
                outboxes[each.subscriber]?.giveBack(8);
                break;
              case 'hold':
                outboxes[each.subscriber]?.hold(each.isHeld);
                break;
              case 'callBack':
                outboxes[each.subscriber]?.afterWaiting(() => log.push(`${each.subscriber} is called back`));
                break;
              case 'clear':
                outboxes[each.subscriber]?.clear();
                break;
              default:
                outboxes[each.subscriber]?.setRate(each.rate);
            }
            if (isAlone) {
              // Whoever is asked how much waits gathers alone from then on.
              outboxes.forEach((outbox) => outbox.queued);
            }
          }
          await clock.advance(1_000);
          dispose();
          assert.equal(clock.pendingTimers, 0);
          return log;
        };
        assert.deepEqual(await run(false), await run(true));
      }),
      { numRuns: 300 },
    );
  });
});
