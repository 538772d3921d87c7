import assert from 'node:assert/strict';
import { renderTable } from '../../bench/method/table';

describe('a table of figures', () => {
  it('has its names to the left, its figures to the right, and a line below the headings', () => {
    assert.equal(
      renderTable([
        ['side', 'ms'],
        ['ours', '7'],
        ['a bare read', '1234'],
      ]),
      ['side           ms', '-----------  ----', 'ours            7', 'a bare read  1234'].join('\n'),
    );
  });

  it('leaves empty what a short row does not say', () => {
    assert.equal(renderTable([['a', 'b'], ['x']]), 'a  b\n-  -\nx');
  });

  it('is empty without rows', () => {
    assert.equal(renderTable([]), '');
  });
});
