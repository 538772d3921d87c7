import assert from 'node:assert/strict';
import type { LoadReading } from '../../../../src/base/loadMeter';
import { FlowRegistry, type JudgedFlow } from '../../../../src/hub/flow/flowRegistry';
import { FakeClock } from '../../../support/fakeClock';

interface Recorded extends JudgedFlow {
  readonly judgements: (number | undefined)[];
}

function flow(): Recorded {
  const judgements: (number | undefined)[] = [];
  return {
    judgements,
    judge: ({ eventLoopUtilisation }) => judgements.push(eventLoopUtilisation),
    figures: () => ({
      view: { type: 'detail', source: 's', name: 'a' },
      isVisible: true,
      rate: 100,
      reason: 'initial',
      queued: 0,
      dropped: 0,
      credits: 8,
      framesSent: 0,
      fps: undefined,
    }),
  };
}

describe('FlowRegistry', () => {
  let clock: FakeClock;
  let readings: number;
  let load: LoadReading;
  let registry: FlowRegistry;

  beforeEach(() => {
    clock = new FakeClock();
    readings = 0;
    load = { eventLoop: { activeMs: 0, idleMs: 0 }, heapFraction: 0.5 };
    registry = new FlowRegistry(clock, {
      read: () => {
        readings += 1;
        return load;
      },
    });
  });
  afterEach(() => {
    registry.dispose();
    assert.equal(clock.pendingTimers, 0);
  });

  it('judges all who were sent something every 5 s, by one reading', async () => {
    const [a, b, idle] = [flow(), flow(), flow()];
    for (const one of [a, b, idle]) {
      registry.add(one);
    }
    registry.sent(a);
    registry.sent(b);
    load = { eventLoop: { activeMs: 900, idleMs: 100 }, heapFraction: 0.5 };
    await clock.advance(4_999);
    assert.deepEqual(a.judgements, []);
    await clock.advance(1);
    assert.deepEqual([a.judgements, b.judgements, idle.judgements], [[0.9], [0.9], []]);
    assert.equal(readings, 2, 'one for the beginning, one for the end');
    assert.equal(registry.figures().length, 3);
  });

  it('has no timer and reads nothing while nothing is sent', async () => {
    const one = flow();
    registry.add(one);
    assert.equal(clock.pendingTimers, 0);
    registry.sent(one);
    assert.equal(clock.pendingTimers, 1);
    await clock.advance(5_000);
    assert.equal(clock.pendingTimers, 0);
    const before = readings;
    await clock.advance(60_000);
    assert.equal(readings, before);
    assert.equal(one.judgements.length, 1);
    // What happened meanwhile is not held against it.
    load = { eventLoop: { activeMs: 60_000, idleMs: 0 }, heapFraction: 0.5 };
    registry.sent(one);
    load = { eventLoop: { activeMs: 61_000, idleMs: 4_000 }, heapFraction: 0.5 };
    await clock.advance(5_000);
    assert.equal(one.judgements.at(-1), 0.2);
  });

  it('stops at once when the last one rests or is gone', () => {
    const [a, b] = [flow(), flow()];
    const added = registry.add(a);
    registry.add(b);
    registry.sent(a);
    registry.sent(b);
    registry.rests(b);
    assert.equal(clock.pendingTimers, 1);
    added.dispose();
    assert.equal(clock.pendingTimers, 0);
    assert.equal(registry.figures().length, 1);
  });
});
