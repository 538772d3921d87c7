import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { utilisationBetween, type LoadReading } from '../../../src/base/loadMeter';
import { nodeLoadMeter } from '../../../src/node/nodeLoadMeter';

/** Takes time of the event loop. */
function work(ms: number): void {
  const endMs = performance.now() + ms;
  while (performance.now() < endMs) {
    // Nothing else is done meanwhile.
  }
}

/** Read once the event loop has waited for 30 ms since: on a machine that is busy a rest may be none. */
async function rested(since: LoadReading): Promise<LoadReading> {
  for (;;) {
    await delay(40);
    const now = nodeLoadMeter.read();
    if ((now.eventLoop?.idleMs ?? 0) - (since.eventLoop?.idleMs ?? 0) >= 30) {
      return now;
    }
  }
}

describe('the load of a Node.js process', () => {
  it('is the time that its event loop was at work, and how full its heap is', async () => {
    // It counts from the first turn of the event loop in which it could wait.
    await delay(5);
    const before = nodeLoadMeter.read();
    work(40);
    await delay(1);
    const busy = nodeLoadMeter.read();
    const idle = await rested(busy);
    const [whenBusy, whenIdle] = [utilisationBetween(before, busy), utilisationBetween(busy, idle)];
    assert.ok(whenBusy !== undefined && whenIdle !== undefined);
    assert.ok(whenBusy > whenIdle, `${whenBusy} at work and ${whenIdle} at rest`);
    const { heapFraction = 0 } = idle;
    assert.ok(heapFraction > 0 && heapFraction < 1);
  });
});
