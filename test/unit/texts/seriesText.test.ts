import assert from 'node:assert/strict';
import { percentText } from '../../../src/texts/percentText';
import { seriesText } from '../../../src/texts/seriesText';

describe('percentText', () => {
  it('tells shares above a hundred, and stops at the absurd', () => {
    assert.deepEqual([percentText(31), percentText(104.4), percentText(1e9)], ['31%', '104%', '>999%']);
  });

  it('has no sign before nothing', () => {
    assert.equal(percentText(-0), '0%');
  });
});

describe('seriesText', () => {
  const figures = { latest: 31.4, lowest: 20, highest: 58 };

  it('says the latest, the lowest and the highest, and of what time', () => {
    assert.equal(
      seriesText({ ...figures, runs: [[{ at: 0, value: 1 }]] }, 600_000),
      'last 10 min: latest 31%, lowest 20%, highest 58%',
    );
  });

  it('owns up to gaps', () => {
    const run = [{ at: 0, value: 1 }];
    assert.match(seriesText({ ...figures, runs: [run, run] }, 600_000), /, with gaps$/);
  });
});
