import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { decodeCursor, encodeCursor, type Cursor } from '../../../src/hub/cursor';

const number = fc.integer({ min: 0, max: 2 ** 51 });
const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 40 }),
  fc.constantFrom('', '.', '%', '%2E', '..', '__proto__', 'constructor', '\u0000', 'a.b'),
);
const cursors: fc.Arbitrary<Cursor> = fc
  .record({
    instance: fc.stringMatching(/^[0-9a-z]{1,8}$/),
    sequence: number,
    change: number,
    of: fc.option(
      fc.record({
        source: text,
        state: fc.option(fc.record({ epoch: text, provenAt: number, version: text })),
        fleet: text,
      }),
    ),
  })
  .map(({ of, ...begin }) => ({
    ...begin,
    ...(of === null ? {} : { source: of.source }),
    ...(of === null || of.state === null ? {} : { state: { ...of.state }, fleet: of.fleet }),
  }));

describe('A cursor', () => {
  it('comes back as it was made', () => {
    fc.assert(
      fc.property(cursors, (cursor) => {
        assert.deepEqual(decodeCursor(encodeCursor(cursor)), cursor);
      }),
      { numRuns: 2_000 },
    );
  });

  it('is one of ours or none, whatever somebody sends', () => {
    const garbage = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom('1', '.', '%', 'a', '-', '0', ' ', '~', 'E') }),
      fc
        .tuple(cursors, fc.nat(), fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 2 }))
        .map(([cursor, at, insert]) => {
          const made = encodeCursor(cursor);
          const where = at % (made.length + 1);
          return made.slice(0, where) + insert + made.slice(where + (at % 2));
        }),
    );
    fc.assert(
      fc.property(garbage, (sent) => {
        const cursor = decodeCursor(sent);
        if (cursor !== undefined) {
          assert.equal(encodeCursor(cursor), sent);
          assert.ok(Number.isSafeInteger(cursor.sequence) && Number.isSafeInteger(cursor.change));
        }
      }),
      { numRuns: 5_000 },
    );
  });

  const hostile = [
    '',
    '1',
    '1.a.1',
    '2.a.1.1',
    '1.a.-1.1',
    '1.a.01.1',
    '1.a.1e3.',
    '1.a.zzzzzzzzzzzz.1',
    '1.a.NaN.1',
    '1.a.1.1.%',
    '1.a.1.1.s.e',
    '1.a.1.1.s.e.f.1',
    '1.a.1.1.s.e.f.x!.7',
    '1.a.1.1.s.e.f.1.7.more',
    '1.a.1.1.%73',
    ` 1.a.1.1`,
    `1.a.1.1.${'x'.repeat(5_000)}`,
  ];
  for (const sent of hostile) {
    it(`is refused as ${JSON.stringify(sent.slice(0, 30))}`, () => {
      assert.equal(decodeCursor(sent), undefined);
    });
  }

  it('goes on without the state where a server’s ResourceVersion is monstrous, and takes half a character', () => {
    const state = { epoch: 'e', provenAt: 1, version: '9'.repeat(100_000) };
    const begin = { instance: 'a', sequence: 1, change: 1 };
    assert.deepEqual(decodeCursor(encodeCursor({ ...begin, source: 's', state })), { ...begin, source: 's' });
    assert.deepEqual(decodeCursor(encodeCursor({ ...begin, source: '\ud800' })), {
      ...begin,
      source: '\ufffd',
    });
  });
});
