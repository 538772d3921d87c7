import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { DueTimes, type Due } from '../../../../src/hub/alerts/dueTimes';
import { FakeClock } from '../../../support/fakeClock';
import { trackLeaks } from '../../../support/leakTracker';

interface Item extends Due {
  readonly id: number;
}

function setUp() {
  const clock = new FakeClock(0);
  const called: [id: number, at: number][] = [];
  const due = new DueTimes<Item>(clock, ({ id }) => called.push([id, clock.now()]));
  const item = (id: number): Item => ({ id, dueAt: 0, place: undefined });
  return { clock, called, due, item };
}

describe('moments to be waited for', () => {
  trackLeaks();

  it('come one after the other, with one timer for all of them', async () => {
    const { clock, called, due, item } = setUp();
    const [a, b, c, d] = [item(0), item(1), item(2), item(3)];
    due.set(a, 3_000);
    due.set(b, 1_000);
    due.set(c, 2_000);
    due.set(d, 500);
    due.delete(d);
    due.set(b, 4_000);
    assert.equal(clock.pendingTimers, 1);
    await clock.advance(5_000);
    assert.deepEqual(called, [
      [2, 2_000],
      [0, 3_000],
      [1, 4_000],
    ]);
    assert.equal(clock.pendingTimers, 0);
    due.dispose();
  });

  it('are found passed within a minute when the clock jumped over them', async () => {
    const { clock, called, due, item } = setUp();
    due.set(item(0), 3_600_000);
    clock.jumpWall(3_600_000);
    await clock.advance(60_000);
    assert.equal(called.length, 1);
    due.dispose();
  });

  it('come to nobody after the end', async () => {
    const { clock, called, due, item } = setUp();
    due.set(item(0), 10);
    due.dispose();
    due.set(item(1), 10);
    assert.equal(clock.pendingTimers, 0);
    await clock.advance(100);
    assert.deepEqual(called, []);
  });

  it('come in order whatever was set, set anew and let go', async () => {
    const step = fc.record({ id: fc.nat(11), at: fc.option(fc.nat(50_000)) });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const { clock, called, due, item } = setUp();
        const items = Array.from({ length: 12 }, (_, id) => item(id));
        const expected = new Map<number, number>();
        for (const { id, at } of steps) {
          const chosen = items[id] ?? assert.fail();
          if (at === null) {
            due.delete(chosen);
            expected.delete(id);
          } else {
            due.set(chosen, at);
            expected.set(id, at);
          }
          assert.equal(due.size, expected.size);
        }
        await clock.advance(50_000);
        assert.deepEqual(
          called.toSorted(([a], [b]) => a - b),
          [...expected].toSorted(([a], [b]) => a - b),
        );
        assert.deepEqual(
          called.map(([, at]) => at),
          [...expected.values()].toSorted((a, b) => a - b),
        );
        due.dispose();
      }),
      { numRuns: 50 },
    );
  });
});
