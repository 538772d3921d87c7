import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { InThreadScanner } from '../../../src/logs/chunkScanner';
import { TextScanner, type LogPattern, type PatternSet } from '../../../src/logs/scanText';
import { systemClock } from '../../../src/base/clock';
import { encode, newStore } from './heldText';

const NONE: PatternSet = { all: [], any: [], none: [] };
const regex = (text: string): LogPattern => ({ text, isRegex: true });

function matches(lines: readonly string[], patterns: Partial<PatternSet>, from = 0): number[] {
  const { store } = newStore();
  store.append(encode(lines.map((line) => `${line}\n`).join('')));
  const [chunk] = store.chunks;
  assert.ok(chunk?.bytes);
  const scanner = new TextScanner({ ...NONE, ...patterns });
  return [...scanner.scan({ bytes: chunk.bytes, ends: chunk.ends, from, to: chunk.count })];
}

describe('searching lines', () => {
  it('finds text as it is, in upper or lower case unless told otherwise', () => {
    const lines = ['a.b', 'axb', 'A.B', ''];
    assert.deepEqual(matches(lines, { all: [{ text: 'a.b' }] }), [0, 2]);
    assert.deepEqual(matches(lines, { all: [{ text: 'a.b', isCaseSensitive: true }] }), [0]);
    assert.deepEqual(matches(lines, { all: [regex('a.b')] }), [0, 1, 2]);
  });

  it('joins what must, may and must not be there', () => {
    const lines = ['GET /a 200', 'GET /b 500', 'PUT /a 500', 'GET /a 500'];
    const all = [{ text: '500' }];
    assert.deepEqual(matches(lines, { all }), [1, 2, 3]);
    assert.deepEqual(matches(lines, { all, any: [{ text: '/a' }, { text: '/c' }] }), [2, 3]);
    assert.deepEqual(matches(lines, { all, none: [{ text: 'put' }] }), [1, 3]);
    assert.deepEqual(matches(lines, {}, 2), [2, 3]);
  });

  it('leaves out what is meant for a terminal', () => {
    const lines = ['\u001b[31mca\u001b[0mrt', '\u001b]0;cart\u0007x', 'cart', '\u001b]8;;open', 'cart'];
    assert.deepEqual(matches(lines, { all: [regex('^cart$')] }), [0, 2, 4]);
  });

  it('knows the lines of text that is not ASCII, or not UTF-8', () => {
    assert.deepEqual(matches(['ü', '🚀 x', 'x', 'ü x'], { all: [{ text: 'x' }] }), [1, 2, 3]);
    const { store } = newStore();
    store.append(new Uint8Array([0xff, 0xfe, 0x0a, 0x78, 0x0a, 0xc3, 0x0a, 0x78, 0x0a]));
    const [chunk] = store.chunks;
    assert.ok(chunk?.bytes);
    const scanner = new TextScanner({ ...NONE, all: [{ text: 'x' }] });
    assert.deepEqual([...scanner.scan({ bytes: chunk.bytes, ends: chunk.ends, from: 0, to: 4 })], [1, 3]);
  });

  it('tries each line by itself, whatever the expression', () => {
    const pieces = fc.constantFrom('a', 'b', ' ', 'x', '\t', 'é', '1', '\u001b[1m', '\r');
    const line = fc.array(pieces, { maxLength: 8 }).map((parts) => `${parts.join('')}.`);
    const expressions = [
      'a',
      '^a',
      'b\\.$',
      '^$',
      '\\s',
      '\\s+a',
      '[^a]b',
      '[^]b',
      'a[^x]*b',
      'x*',
      '(a|b)+x',
      '\\ba\\b',
      '\\B',
      '(?=a)',
      '(?<!a)b',
      '(a).*\\1',
      '.',
      '\\W\\w',
      'a[\\s\\S]*b',
      '[^-a]b',
      '[^\\]a]b',
      '\\[^a',
      '[a[^]b',
      '\\\\[^ab]?\\D+b',
      '\\W+\\.$',
    ];
    const plain = (text: string): string => text.replaceAll('\u001b[1m', '');
    fc.assert(
      fc.property(
        fc.array(line, { maxLength: 12, minLength: 1 }),
        fc.constantFrom(...expressions),
        (lines, source) => {
          const expected = lines.flatMap((text, index) =>
            new RegExp(source, 'im').test(plain(text)) ? [index] : [],
          );
          assert.deepEqual(matches(lines, { all: [regex(source)] }), expected);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('tells of what is no regular expression', () => {
    assert.throws(() => new TextScanner({ ...NONE, any: [regex('(')] }), SyntaxError);
  });

  it('does not run on through other lines in search of what is not there', () => {
    const line = `${'a'.repeat(99)}\n`;
    const bytes = encode(line.repeat(2_600));
    const ends = Uint32Array.from({ length: 2_600 }, (_, index) => (index + 1) * 100);
    for (const source of ['[^x]+y', '\\D+y', 'a[^xz]*y']) {
      const scanner = new TextScanner({ ...NONE, all: [regex(source)] });
      // Through all of them it would take minutes.
      assert.equal(scanner.scan({ bytes, ends, from: 0, to: 2_600 }).length, 0);
    }
  });

  it('gives an expression up that held it up for too long', async () => {
    let nowMs = 0;
    const clock = { ...systemClock, monotonic: () => (nowMs += 600) };
    const scanner = new InThreadScanner(clock);
    const patterns = { ...NONE, all: [regex('x')] };
    const range = { bytes: encode('x\n'), ends: new Uint32Array([2]), from: 0, to: 1 };
    assert.deepEqual([...(await scanner.scan(patterns, range))], [0]);
    clock.monotonic = () => (nowMs += 1_100);
    assert.deepEqual([...(await scanner.scan(patterns, range))], [0]);
    await assert.rejects(scanner.scan(patterns, range), { code: 'scanTooSlow' });
    assert.deepEqual([...(await scanner.scan({ ...patterns }, range))], [0], 'another one is tried');
  });
});
