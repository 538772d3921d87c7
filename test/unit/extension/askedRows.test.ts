import assert from 'node:assert/strict';
import { AskedRows, ROOT_ID } from '../../../src/extension/tree/askedRows';
import { FakeClock } from '../../support/fakeClock';

describe('rows that VS Code may have drawn as they were before', () => {
  let clock: FakeClock;
  let rows: AskedRows;

  beforeEach(() => {
    clock = new FakeClock();
    rows = new AskedRows(clock);
  });

  it('are those that were refreshed while an answer may have been on its way', async () => {
    rows.asked(ROOT_ID);
    rows.asked('a');
    await clock.advance(200);
    rows.refreshed([ROOT_ID, 'b']);
    assert.equal(rows.doubtMs, 1_800);
    assert.deepEqual(rows.takeDoubtful(), []);
    await clock.advance(1_800);
    assert.equal(rows.doubtMs, 0);
    assert.deepEqual(rows.takeDoubtful(), [ROOT_ID]);
    assert.equal(rows.doubtMs, undefined);
  });

  it('are none where the answer must have arrived, and none any more once they are refreshed after it', async () => {
    rows.asked('a');
    await clock.advance(2_000);
    rows.refreshed(['a']);
    assert.equal(rows.doubtMs, undefined);
    rows.asked('a');
    rows.refreshed(['a']);
    await clock.advance(2_000);
    rows.refreshed(['a']);
    assert.equal(rows.doubtMs, undefined);
  });

  it('wait until VS Code has come to rest, but not for ever', async () => {
    rows.asked('a');
    rows.refreshed(['a']);
    for (let second = 0; second < 9; second += 1) {
      await clock.advance(1_000);
      rows.asked('b');
      assert.deepEqual(rows.takeDoubtful(), []);
    }
    assert.equal(rows.doubtMs, 1_000);
    await clock.advance(1_000);
    assert.deepEqual(rows.takeDoubtful(), ['a']);
  });
});
