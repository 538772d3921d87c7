import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { TimerWheel, WheelEntry } from '../../../src/base/timerWheel';
import { FakeClock } from '../../support/fakeClock';

describe('TimerWheel', () => {
  let clock: FakeClock;
  let wheel: TimerWheel;
  let rung: string[];

  class Entry extends WheelEntry {
    readonly name: string;
    onRing: () => void = () => undefined;

    constructor(name: string) {
      super();
      this.name = name;
    }

    override ring(nowMs: number): void {
      rung.push(`${this.name} ${nowMs}`);
      this.onRing();
    }
  }

  beforeEach(() => {
    clock = new FakeClock();
    wheel = new TimerWheel(clock, 100);
    rung = [];
  });
  afterEach(() => {
    wheel.dispose();
    assert.equal(clock.pendingTimers, 0);
  });

  it('rings at the end of the slot, all of it together, with one timer', async () => {
    wheel.set(new Entry('a'), 101);
    wheel.set(new Entry('b'), 200);
    wheel.set(new Entry('c'), 201);
    assert.equal(clock.pendingTimers, 1);
    await clock.advance(199);
    assert.deepEqual(rung, []);
    await clock.advance(1);
    assert.deepEqual(rung, ['a 200', 'b 200']);
    await clock.advance(1_000);
    assert.deepEqual(rung, ['a 200', 'b 200', 'c 300']);
    assert.equal(clock.pendingTimers, 0, 'nothing waits, and a timer runs');
  });

  it('rings an entry once, at the time that was set last', async () => {
    const entry = new Entry('a');
    wheel.set(entry, 500);
    wheel.set(entry, 100);
    wheel.set(entry, 300);
    await clock.advance(1_000);
    assert.deepEqual(rung, ['a 300']);
    assert.equal(entry.slot, undefined);
  });

  it('rings what is due already in the next turn', async () => {
    await clock.advance(1_000);
    wheel.set(new Entry('a'), 1_000);
    wheel.set(new Entry('b'), 20);
    await clock.advance(0);
    assert.deepEqual(rung.toSorted(), ['a 1000', 'b 1000']);
  });

  it('rings nothing that was taken out, also by what rang before it', async () => {
    const [first, second, third] = [new Entry('a'), new Entry('b'), new Entry('c')];
    wheel.set(first, 100);
    wheel.set(second, 100);
    wheel.set(third, 100);
    first.onRing = () => {
      wheel.delete(second);
      wheel.set(third, 200);
      wheel.set(first, 150);
    };
    await clock.advance(100);
    assert.deepEqual(rung, ['a 100']);
    wheel.delete(first);
    await clock.advance(1_000);
    assert.deepEqual(rung, ['a 100', 'c 200']);
  });

  it('rings like as many timers, each rounded up to its slot', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ entry: fc.nat(5), dueMs: fc.nat(3_000), waitMs: fc.nat(200) }), {
          maxLength: 60,
        }),
        async (steps) => {
          const mine = new FakeClock();
          const tested = new TimerWheel(mine, 100);
          const seen: string[] = [];
          const expected: string[] = [];
          const due = new Map<number, number>();
          const entries = Array.from(
            { length: 6 },
            (_, index) =>
              new (class extends WheelEntry {
                override ring(nowMs: number): void {
                  seen.push(`${nowMs} ${index}`);
                }
              })(),
          );
          const model = (untilMs: number): void => {
            for (const [index, atMs] of due) {
              if (atMs <= untilMs) {
                expected.push(`${atMs} ${index}`);
                due.delete(index);
              }
            }
          };
          for (const { entry: index, dueMs, waitMs } of steps) {
            const entry = entries[index];
            if (entry !== undefined) {
              tested.set(entry, dueMs);
              due.set(index, Math.max(Math.ceil(dueMs / 100) * 100, mine.monotonic()));
            }
            const untilMs = mine.monotonic() + waitMs;
            await mine.advance(waitMs);
            model(untilMs);
          }
          await mine.advance(10_000);
          model(Number.POSITIVE_INFINITY);
          assert.deepEqual(seen.toSorted(), expected.toSorted());
          assert.equal(mine.pendingTimers, 0);
        },
      ),
      { numRuns: 100 },
    ));

  it('rings nothing after it was disposed', async () => {
    wheel.set(new Entry('a'), 100);
    wheel.dispose();
    wheel.set(new Entry('b'), 100);
    await clock.advance(1_000);
    assert.deepEqual(rung, []);
  });
});
