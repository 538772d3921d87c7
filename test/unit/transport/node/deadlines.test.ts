import assert from 'node:assert/strict';
import type { TimerWheel } from '../../../../src/base/timerWheel';
import { connectionTimers } from '../../../../src/transport/node/connectionTimers';
import { DEADLINE, Deadlines } from '../../../../src/transport/node/deadlines';
import { FakeClock } from '../../../support/fakeClock';

describe('Deadlines', () => {
  let clock: FakeClock;
  let wheel: TimerWheel;
  let missed: string[];
  let deadlines: Deadlines;

  beforeEach(() => {
    clock = new FakeClock();
    wheel = connectionTimers(clock);
    missed = [];
    deadlines = new Deadlines(clock, wheel, (deadline) => missed.push(`${deadline} ${clock.monotonic()}`));
  });
  afterEach(() => {
    deadlines.dispose();
    assert.equal(clock.pendingTimers, 0);
    wheel.dispose();
  });

  it('tell each that is missed once, with one timer for all', async () => {
    deadlines.set(DEADLINE.write, 10_000);
    deadlines.set(DEADLINE.ping, 5_000);
    deadlines.set(DEADLINE.pong, 5_000);
    assert.equal(clock.pendingTimers, 1);
    await clock.advance(60_000);
    assert.deepEqual(missed, [`${DEADLINE.ping} 5000`, `${DEADLINE.pong} 5000`, `${DEADLINE.write} 10000`]);
  });

  it('count from when they were set last', async () => {
    deadlines.set(DEADLINE.pong, 10_000);
    await clock.advance(9_000);
    deadlines.set(DEADLINE.pong, 10_000);
    await clock.advance(9_999);
    assert.deepEqual(missed, []);
    await clock.advance(1);
    assert.deepEqual(missed, [`${DEADLINE.pong} 19000`]);
  });

  it('may be brought forward', async () => {
    deadlines.set(DEADLINE.pong, 60_000);
    deadlines.set(DEADLINE.pong, 2_000);
    await clock.advance(2_000);
    assert.deepEqual(missed, [`${DEADLINE.pong} 2000`]);
  });

  it('are told no more once they were cleared or disposed', async () => {
    deadlines.set(DEADLINE.write, 1_000);
    deadlines.clear(DEADLINE.write);
    await clock.advance(2_000);
    deadlines.set(DEADLINE.write, 1_000);
    deadlines.dispose();
    deadlines.set(DEADLINE.ping, 1_000);
    await clock.advance(10_000);
    assert.deepEqual(missed, []);
  });

  it('may be set again, and end, by whoever is told', async () => {
    const again = new Deadlines(clock, wheel, (deadline) => {
      missed.push(`again ${deadline} ${clock.monotonic()}`);
      if (deadline === DEADLINE.beat && missed.length < 3) {
        again.set(DEADLINE.beat, 1_000);
      } else {
        again.dispose();
      }
    });
    again.set(DEADLINE.beat, 1_000);
    await clock.advance(10_000);
    assert.deepEqual(
      missed,
      [1_000, 2_000, 3_000].map((atMs) => `again ${DEADLINE.beat} ${atMs}`),
    );
  });
});
