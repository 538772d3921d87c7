import assert from 'node:assert/strict';
import { FrameCredits, PAINT_PATIENCE_MS } from '../../../src/client/frameCredits';
import { FakeClock } from '../../support/fakeClock';
import { trackLeaks } from '../../support/leakTracker';
import { FakeFrames } from './fakeFrames';

interface Flow {
  readonly credits: number;
  readonly fps?: number;
}

function make({ isPainted = true } = {}) {
  const clock = new FakeClock();
  const frames = new FakeFrames();
  const sent: Flow[] = [];
  const nextFrame = isPainted ? frames.next : undefined;
  const credits = new FrameCredits({ clock, nextFrame, send: (flow) => sent.push(flow) });
  return {
    clock,
    frames,
    sent,
    credits,
    /** Has the browser paint every `everyMs` for `ms`, with a message worked off before each paint where it is fed. */
    run: async (ms: number, everyMs: number, isFed: boolean): Promise<void> => {
      for (let time = 0; time < ms; time += everyMs) {
        if (isFed) {
          credits.workedOff();
        }
        await clock.advance(everyMs);
        frames.paint();
      }
    },
    fps: (): number[] => sent.flatMap(({ fps }) => (fps === undefined ? [] : [Math.round(fps)])),
    finish: (): void => {
      credits.dispose();
      assert.equal(clock.pendingTimers, 0);
      assert.equal(frames.waiting, 0);
    },
  };
}

describe('FrameCredits', () => {
  trackLeaks();

  it('gives back what was worked off once it is painted, all of it at once', async () => {
    const { credits, frames, clock, sent, finish } = make();
    credits.workedOff();
    credits.workedOff();
    await clock.advance(15);
    assert.deepEqual(sent, []);
    frames.paint();
    assert.deepEqual(sent, [], 'a frame begins before it is painted');
    await clock.advance(0);
    assert.deepEqual(sent, [{ credits: 2 }]);
    credits.workedOff();
    frames.paint();
    await clock.advance(0);
    assert.deepEqual(sent, [{ credits: 2 }, { credits: 1 }]);
    finish();
  });

  it('waits for a paint that does not come for a second, and not for ever', async () => {
    const { credits, clock, sent, finish } = make();
    credits.workedOff();
    await clock.advance(PAINT_PATIENCE_MS - 1);
    assert.deepEqual(sent, []);
    await clock.advance(1);
    assert.deepEqual(sent, [{ credits: 1 }]);
    await clock.advance(60_000);
    assert.equal(sent.length, 1);
    finish();
  });

  it('gives back four at once where nothing is painted, and fewer after 200 ms', async () => {
    const { credits, clock, sent, finish } = make({ isPainted: false });
    for (let frame = 0; frame < 6; frame += 1) {
      credits.workedOff();
    }
    assert.deepEqual(sent, [{ credits: 4 }]);
    await clock.advance(199);
    assert.equal(sent.length, 1);
    await clock.advance(1);
    assert.deepEqual(sent, [{ credits: 4 }, { credits: 2 }]);
    await clock.advance(60_000);
    assert.equal(sent.length, 2);
    finish();
  });

  it('tells how often the view is painted while it is fed, once in five seconds', async () => {
    const { run, fps, finish } = make();
    await run(2_000, 20, true);
    assert.deepEqual(fps(), [50]);
    await run(2_900, 20, true);
    assert.deepEqual(fps(), [50]);
    await run(2_000, 100, true);
    assert.deepEqual(fps(), [50, 10]);
    finish();
  });

  it('measures nothing while nothing comes', async () => {
    const { credits, run, fps, frames, finish } = make();
    await run(5_000, 20, false);
    credits.workedOff();
    await run(2_000, 20, false);
    assert.deepEqual(fps(), [], 'one message is no feed');
    assert.equal(frames.waiting, 0, 'nobody waits for a frame any more');
    finish();
  });

  it('takes nothing for a frame rate that was measured while the page was hidden', async () => {
    const { run, fps, clock, finish } = make();
    await run(500, 20, true);
    await clock.advance(60_000);
    await run(100, 20, true);
    assert.deepEqual(fps(), []);
    await run(2_000, 20, true);
    assert.deepEqual(fps(), [50]);
    finish();
  });

  it('owes a host that starts anew nothing', async () => {
    const { credits, clock, frames, sent, finish } = make();
    credits.workedOff();
    credits.reset();
    frames.paint();
    await clock.advance(5_000);
    assert.deepEqual(sent, []);
    finish();
  });
});
