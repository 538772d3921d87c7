import assert from 'node:assert/strict';
import { RelistPacer } from '../../../src/informer/relistPacer';
import { FakeClock } from '../../support/fakeClock';
import { trackLeaks } from '../../support/leakTracker';

describe('RelistPacer', () => {
  trackLeaks();

  const never = new AbortController().signal;

  /** Asks for `count` turns, and notes when each came, in milliseconds from now. */
  function ask(pacer: RelistPacer, clock: FakeClock, count: number): number[] {
    const startMs = clock.monotonic();
    const turns: number[] = [];
    for (let asked = 0; asked < count; asked += 1) {
      void pacer.turn(never).then(() => turns.push(clock.monotonic() - startMs));
    }
    return turns;
  }

  it('lets one go at once, and those that come together one after the other, 10 a second', async () => {
    const clock = new FakeClock();
    const pacer = new RelistPacer(clock);
    const turns = ask(pacer, clock, 5);
    await clock.advance(0);
    assert.deepEqual(turns, [0]);
    await clock.advance(1_000);
    assert.deepEqual(turns, [0, 100, 200, 300, 400]);
    assert.equal(clock.pendingTimers, 0);
    const later = ask(pacer, clock, 1);
    await clock.advance(0);
    assert.deepEqual(later, [0]);
  });

  it('leaves out who gives up, and leaves no timer for nobody', async () => {
    const clock = new FakeClock();
    const pacer = new RelistPacer(clock);
    const abort = new AbortController();
    ask(pacer, clock, 1);
    const given = pacer.turn(abort.signal);
    const turns = ask(pacer, clock, 1);
    abort.abort(new Error('stopped'));
    await assert.rejects(given, /stopped/);
    await assert.rejects(pacer.turn(abort.signal), /stopped/);
    await clock.advance(100);
    assert.deepEqual(turns, [100]);
    const last = new AbortController();
    const waiting = pacer.turn(last.signal);
    last.abort(new Error('stopped'));
    await assert.rejects(waiting, /stopped/);
    assert.equal(clock.pendingTimers, 0);
  });

  it('lets those go first that the user asked for', async () => {
    const clock = new FakeClock();
    const pacer = new RelistPacer(clock);
    const turns = ask(pacer, clock, 4);
    const urgent: number[] = [];
    const startMs = clock.monotonic();
    void pacer.turn(never, true).then(() => urgent.push(clock.monotonic() - startMs));
    await clock.advance(1_000);
    assert.deepEqual(urgent, [100]);
    assert.deepEqual(turns, [0, 200, 300, 400]);
    assert.equal(clock.pendingTimers, 0);
  });
});
