import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { RowList } from '../../../src/logs/rowList';

/** Streams with their keys, which never fall. */
const streams = fc.array(
  fc.array(fc.nat(6), { minLength: 1, maxLength: 60 }).map((steps) => {
    let key = 0;
    return steps.map((step) => (key += step));
  }),
  { minLength: 1, maxLength: 5 },
);

interface Row {
  readonly stream: number;
  readonly line: number;
}

function compare(keys: readonly (readonly number[])[], a: Row, b: Row): number {
  const keyOf = ({ stream, line }: Row): number => keys[stream]?.[line] ?? Number.NaN;
  return keyOf(a) - keyOf(b) || a.stream - b.stream || a.line - b.line;
}

describe('rows of several streams', () => {
  it('are in the order of their keys, however they come and go', () => {
    fc.assert(
      fc.property(
        streams,
        fc.array(fc.tuple(fc.nat(4), fc.nat(20), fc.nat(20), fc.boolean())),
        (keys, steps) => {
          const rows = new RowList((stream, line) => keys[stream]?.[line] ?? Number.NaN);
          let model: Row[] = [];
          const next = keys.map(() => 0);
          const first = keys.map(() => 0);
          for (const [drawn, skip, count, isDrop] of steps) {
            const stream = drawn % keys.length;
            const lines = keys[stream]?.length ?? 0;
            if (isDrop) {
              const from = first[stream] ?? 0;
              const to = Math.min(next[stream] ?? 0, from + count, lines - 1);
              if (to > from) {
                rows.dropBefore(stream, from, to);
                model = model.filter((row) => row.stream !== stream || row.line >= to);
                first[stream] = to;
              }
              continue;
            }
            // Some lines are left out, as a filter does.
            const line = (next[stream] ?? 0) + (skip % 3);
            const taken = Math.min(count, lines - line);
            if (taken > 0) {
              rows.add(stream, line, taken);
              for (let index = 0; index < taken; index += 1) {
                model.push({ stream, line: line + index });
              }
              next[stream] = line + taken;
            }
          }
          model.sort((a, b) => compare(keys, a, b));
          assert.deepEqual(rows.slice(0, 1_000), model);
          assert.equal(rows.size, model.length);
          for (const [position, row] of model.entries()) {
            assert.deepEqual(rows.at(position), row);
            assert.equal(rows.positionOf(keys[row.stream]?.[row.line] ?? 0, row.stream, row.line), position);
          }
          assert.equal(rows.at(model.length), undefined);
          assert.equal(rows.at(-1), undefined);
          assert.equal(rows.positionOf(1e9), model.length);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('hold many of them, interleaved', () => {
    const count = 20_000;
    // Streams come one after the other, as the beginnings of logs do: all lines but those of the first come late.
    const keyOf = (stream: number, line: number): number => line * 10 + stream;
    const rows = new RowList(keyOf);
    for (let stream = 0; stream < 5; stream += 1) {
      for (let line = 0; line < count; line += 1_000) {
        assert.equal(rows.add(stream, line, 1_000), stream === 0);
      }
    }
    assert.equal(rows.size, 5 * count);
    for (const position of [0, 1, 777, 50_000, 99_999]) {
      assert.deepEqual(rows.at(position), { stream: position % 5, line: Math.floor(position / 5) });
    }
    rows.dropBefore(2, 0, 10_000);
    assert.equal(rows.size, 5 * count - 10_000);
    assert.deepEqual(rows.slice(0, 5), [
      { stream: 0, line: 0 },
      { stream: 1, line: 0 },
      { stream: 3, line: 0 },
      { stream: 4, line: 0 },
      { stream: 0, line: 1 },
    ]);
  });

  it('say whether others have moved', () => {
    const keys = [
      [1, 5, 9],
      [2, 3, 10],
    ];
    const rows = new RowList((stream, line) => keys[stream]?.[line] ?? Number.NaN);
    assert.equal(rows.add(0, 0, 2), true);
    assert.equal(rows.add(1, 0, 3), false);
    assert.equal(rows.add(0, 2, 1), false);
    assert.deepEqual(
      rows.slice(0, 10).map(({ stream, line }) => keys[stream]?.[line]),
      [1, 2, 3, 5, 9, 10],
    );
  });
});
