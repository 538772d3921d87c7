import assert from 'node:assert/strict';
import { unknownLoad, utilisationBetween, type LoadReading } from '../../../src/base/loadMeter';

const reading = (activeMs: number, idleMs: number): LoadReading => ({
  eventLoop: { activeMs, idleMs },
  heapFraction: undefined,
});

describe('utilisationBetween', () => {
  it('is the share of the time between two readings that was work', () => {
    assert.equal(utilisationBetween(reading(100, 900), reading(400, 1_600)), 0.3);
  });

  it('is unknown where no time passed, or one of the readings says nothing', () => {
    assert.equal(utilisationBetween(reading(100, 900), reading(100, 900)), undefined);
    assert.equal(utilisationBetween(unknownLoad.read(), reading(100, 900)), undefined);
    assert.equal(utilisationBetween(reading(100, 900), unknownLoad.read()), undefined);
  });
});
