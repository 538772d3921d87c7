import assert from 'node:assert/strict';
import { RowsToCompare } from '../../../src/extension/tree/rowsToCompare';

describe('Rows to compare', () => {
  it('are those of the sources that something happened to since they were last taken', () => {
    const rows = new RowsToCompare();
    rows.touch('a');
    rows.touch('b');
    rows.touch('a');
    assert.deepEqual([...rows.take()], ['a', 'b']);
    assert.deepEqual([...rows.take()], []);
  });

  it('are also those that count seconds, each time until they no longer do', () => {
    const rows = new RowsToCompare();
    rows.setCounting('a', true);
    assert.ok(rows.isAnyCounting);
    rows.touch('b');
    assert.deepEqual([...rows.take()].toSorted(), ['a', 'b']);
    assert.deepEqual([...rows.take()], ['a']);
    rows.setCounting('a', false);
    assert.ok(!rows.isAnyCounting);
    assert.deepEqual([...rows.take()], []);
  });
});
