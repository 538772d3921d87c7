import assert from 'node:assert/strict';
import { StreamPacer } from '../../../src/demoServer/streamPacer';
import { FakeClock } from '../../support/fakeClock';
import { trackLeaks } from '../../support/leakTracker';

describe('The pacer of streams', () => {
  let clock: FakeClock;
  let pacer: StreamPacer;
  let gone: number;

  beforeEach(() => {
    clock = new FakeClock();
    pacer = new StreamPacer(clock);
    gone = 0;
  });

  afterEach(() => pacer.dispose());

  trackLeaks();

  function wait(count: number): void {
    for (let index = 0; index < count; index += 1) {
      void pacer.turn().then(() => (gone += 1));
    }
  }

  it('holds up a few streams for no longer than a timer takes', async () => {
    wait(10);
    assert.equal(clock.nextTimerInMs, 0);
    await clock.advance(0);
    assert.equal(gone, 10);
  });

  it('lets a thousand go on together, after as long as their writes cost', async () => {
    wait(1_000);
    await clock.advance(39);
    assert.equal(gone, 0);
    await clock.advance(1);
    assert.equal(gone, 1_000);
  });

  it('keeps nobody waiting for longer than 50 ms, however many there are', async () => {
    wait(100_000);
    await clock.advance(50);
    assert.equal(gone, 100_000);
  });

  it('begins a new round after each', async () => {
    wait(1_000);
    await clock.advance(40);
    wait(1);
    await clock.advance(0);
    assert.equal(gone, 1_001);
    assert.equal(clock.pendingTimers, 0);
  });

  it('lets everybody go when it is disposed, those who come later too', async () => {
    wait(1_000);
    pacer.dispose();
    wait(1);
    await clock.settle();
    assert.equal(gone, 1_001);
    assert.equal(clock.pendingTimers, 0);
  });
});
