import assert from 'node:assert/strict';
import { JumpingClock } from '../../../../src/demo/faults/jumpingClock';
import { FakeClock } from '../../../support/fakeClock';
import { trackLeaks } from '../../../support/leakTracker';

describe('A clock that jumps', () => {
  trackLeaks();

  it('moves the wall time alone: timers and monotonic time stay', async () => {
    const below = new FakeClock(1_000_000);
    const clock = new JumpingClock(below);
    let isDue = false;
    const timer = clock.schedule(500, () => (isDue = true));
    clock.jump(3_600_000);
    clock.jump(-600_000);
    assert.deepEqual([clock.now(), clock.offsetMs, clock.monotonic()], [4_000_000, 3_000_000, 0]);
    await below.advance(499);
    assert.equal(isDue, false);
    await below.advance(1);
    assert.equal(isDue, true);
    assert.equal(clock.now(), 4_000_500);
    timer.dispose();
  });
});
