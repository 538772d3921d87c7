import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { BackpressureController, type Pressure } from '../../../../src/hub/flow/backpressureController';

const BOUNDS = { minRate: 50, maxRate: 200, initialRate: 100 };
const CALM: Pressure = { eventLoopUtilisation: 0.1, heapFraction: 0.2, fps: 60 };
const NOTHING_KNOWN: Pressure = { eventLoopUtilisation: undefined, heapFraction: undefined, fps: undefined };

/** The rate after one judgement of a fresh controller, and why. */
function judged(pressure: Partial<Pressure>): string {
  const controller = new BackpressureController(BOUNDS);
  controller.judge({ ...CALM, ...pressure });
  return `${controller.rate} ${controller.reason}`;
}

describe('BackpressureController', () => {
  it('slows down by a fifth for each thing that is too much, and not for what is just enough', () => {
    assert.equal(judged({ eventLoopUtilisation: 0.81 }), '80 eventLoop');
    assert.equal(judged({ eventLoopUtilisation: 0.8 }), '100 initial');
    assert.equal(judged({ heapFraction: 0.86 }), '80 heap');
    assert.equal(judged({ heapFraction: 0.85 }), '100 initial');
    assert.equal(judged({ fps: 29 }), '80 frameRate');
    assert.equal(judged({ fps: 30 }), '100 initial');
  });

  it('speeds up by a fifth where everything is well, and stays where something is only so-so', () => {
    assert.equal(judged({}), '120 calm');
    assert.equal(judged({ eventLoopUtilisation: 0.5 }), '100 initial');
    assert.equal(judged({ heapFraction: 0.6 }), '100 initial');
    assert.equal(judged({ fps: 50 }), '100 initial');
  });

  it('leaves out what is unknown, and stays where nothing is known', () => {
    assert.equal(judged({ fps: undefined }), '120 calm');
    assert.equal(judged({ heapFraction: undefined, eventLoopUtilisation: undefined }), '120 calm');
    assert.equal(judged({ ...NOTHING_KNOWN, fps: 20 }), '80 frameRate');
    assert.equal(judged({ ...NOTHING_KNOWN, eventLoopUtilisation: 0.9 }), '80 eventLoop');
    assert.equal(judged(NOTHING_KNOWN), '100 initial');
  });

  it('stays within its bounds whatever it is judged by, and says why it last changed', () => {
    const share = fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined });
    const fps = fc.option(fc.double({ min: 0, max: 240, noNaN: true }), { nil: undefined });
    const pressures = fc.array(fc.record({ eventLoopUtilisation: share, heapFraction: share, fps }));
    fc.assert(
      fc.property(pressures, (steps) => {
        const controller = new BackpressureController(BOUNDS);
        for (const pressure of steps) {
          const before = controller.rate;
          controller.judge(pressure);
          assert.ok(controller.rate >= 50 && controller.rate <= 200);
          const isSlower = controller.rate < before;
          if (controller.rate !== before) {
            assert.equal(controller.reason !== 'calm', isSlower);
          }
        }
      }),
    );
    const controller = new BackpressureController(BOUNDS);
    for (let judgement = 0; judgement < 5; judgement += 1) {
      controller.judge({ ...CALM, eventLoopUtilisation: 0.95 });
    }
    assert.equal(controller.rate, 50);
    for (let judgement = 0; judgement < 10; judgement += 1) {
      controller.judge(CALM);
    }
    assert.equal(controller.rate, 200);
  });

  it('follows other bounds at once', () => {
    const controller = new BackpressureController(BOUNDS);
    controller.setBounds({ ...BOUNDS, initialRate: 150 });
    assert.deepEqual([controller.rate, controller.reason], [150, 'initial']);
    controller.judge(CALM);
    controller.setBounds({ minRate: 50, maxRate: 80, initialRate: 60 });
    assert.deepEqual([controller.rate, controller.reason], [80, 'settings']);
    controller.reset();
    assert.deepEqual([controller.rate, controller.reason], [60, 'initial']);
  });
});
