import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import {
  atEnd,
  centered,
  positionOfThumb,
  revealed,
  scrolledBy,
  thumbShape,
  type RowHeights,
} from '../../../../webview/logs/rowPlace';

const VIEW = 100;

function rowsOf(heights: readonly number[], viewHeight = VIEW): RowHeights {
  return {
    first: 0,
    end: heights.length,
    total: heights.length,
    height: (row) => heights[row] ?? 0,
    viewHeight,
  };
}

/** How far below the first row's upper edge the view begins. */
function topOf({ row, offset }: { row: number; offset: number }, heights: readonly number[]): number {
  return heights.slice(0, row).reduce((sum, height) => sum + height, 0) - offset;
}

const heights = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 60 });

describe('the place among rows', () => {
  it('moves by exactly what was scrolled, and stops at both ends, whatever the heights', () => {
    fc.assert(
      fc.property(
        heights,
        fc.array(fc.integer({ min: -500, max: 500 }), { maxLength: 30 }),
        (list, deltas) => {
          const rows = rowsOf(list);
          const most = Math.max(0, list.reduce((sum, height) => sum + height, 0) - VIEW);
          let place = { row: 0, offset: 0 };
          let top = 0;
          for (const delta of deltas) {
            place = scrolledBy(place, delta, rows);
            top = Math.min(most, Math.max(0, top + delta));
            assert.equal(topOf(place, list), top);
            // The row at the top is one that is in sight.
            assert.ok(place.offset <= 0 && place.offset + (list[place.row] ?? 0) > 0);
          }
          assert.equal(topOf(atEnd(rows), list), most);
        },
      ),
    );
  });

  it('is not moved by rows above that turn out to be of another height', () => {
    const before = [20, 20, 20, 20, 20, 20, 20, 20, 20, 20];
    const place = scrolledBy({ row: 3, offset: -5 }, 0, rowsOf(before));
    const after = [90, 70, 50, ...before.slice(3)];
    assert.deepEqual(scrolledBy(place, 0, rowsOf(after)), place);
  });

  it('brings a row into sight by as little as possible, or into the middle', () => {
    const list = Array.from({ length: 50 }, () => 20);
    const rows = rowsOf(list);
    const place = { row: 10, offset: 0 };
    assert.deepEqual(revealed(place, 12, rows), place);
    assert.deepEqual(revealed(place, 15, rows), { row: 11, offset: 0 });
    assert.deepEqual(revealed(place, 8, rows), { row: 8, offset: 0 });
    assert.deepEqual(centered(20, rows), { row: 18, offset: 0 });
    assert.deepEqual(centered(49, rows), atEnd(rows));
  });

  it('shows nothing where there is nothing', () => {
    assert.deepEqual(scrolledBy({ row: 5, offset: -7 }, 30, rowsOf([])), { row: 0, offset: 0 });
    assert.deepEqual(atEnd(rowsOf([])), { row: 0, offset: 0 });
  });
});

describe('the thumb of the scroll bar', () => {
  it('stands for every position of a million rows and more', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 100, max: 50_000_000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (total, share) => {
          const position = Math.round(share * (total - 40));
          const { top, size } = thumbShape(position, 40, total, 0.03);
          assert.ok(top >= 0 && top + size <= 1 + 1e-9);
          assert.ok(Math.abs(positionOfThumb(top, size, 40, total) - position) <= 1);
        },
      ),
    );
  });

  it('fills the bar where everything is in sight', () => {
    assert.deepEqual(thumbShape(0, 40, 12, 0.03), { top: 0, size: 1 });
    assert.equal(positionOfThumb(0.5, 1, 40, 12), 0);
  });
});
