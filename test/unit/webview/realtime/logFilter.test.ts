import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import type { LogLevel, LogLine } from '../../../../src/protocol/podLog';
import { LogFilter } from '../../../../webview/realtime/logFilter';

/** A line whose text is read as often as it is looked at. */
class CountedLine implements LogLine {
  readonly seq: number;
  readonly level = 'error';
  readonly #text: string;
  looks = 0;

  constructor(seq: number, text: string) {
    this.seq = seq;
    this.#text = text;
  }

  get text(): string {
    this.looks += 1;
    return this.#text;
  }
}

function lines(first: number, ...texts: readonly string[]): LogLine[] {
  return texts.map((text, index) => line(first + index, text));
}

/** The host says the level of a line; here its first word does. */
function line(seq: number, text: string): LogLine {
  const level = LEVELS[text.split(' ')[0] ?? ''];
  return { seq, text, ...(level === undefined ? {} : { level }) };
}

const LEVELS: Readonly<Record<string, LogLevel>> = { ERROR: 'error', WARN: 'warning', INFO: 'info' };

const FAST = { monotonic: () => 0 };

const seqs = (taken: readonly LogLine[]): number[] => taken.map(({ seq }) => seq);

describe('LogFilter', () => {
  it('takes what contains the text in upper or lower case, as it is shown', () => {
    const window = lines(0, 'GET /Cart', 'put /cart', '\u001b[31mca\u001b[0mrt', 'other');
    assert.deepEqual(seqs(new LogFilter({ text: 'cart' }, FAST).apply(window)), [0, 1, 2]);
    assert.deepEqual(seqs(new LogFilter({ text: '^put .cart$', isRegex: true }, FAST).apply(window)), [1]);
    assert.deepEqual(seqs(new LogFilter({ text: '.art' }, FAST).apply(window)), [], 'it is no expression');
  });

  it('takes lines that are severe enough; one without a level has that of none', () => {
    const window = lines(0, 'ERROR a', 'WARN b', 'INFO c', 'plain');
    assert.deepEqual(seqs(new LogFilter({ level: 'warning' }, FAST).apply(window)), [0, 1]);
    assert.deepEqual(seqs(new LogFilter({ level: 'debug', text: 'c' }, FAST).apply(window)), [2]);
  });

  it('leaves markers in, whatever is looked for', () => {
    const gap: LogLine = { seq: 1, text: '', marker: { type: 'gap' } };
    const window = [...lines(0, 'a'), gap, ...lines(2, 'ERROR b')];
    assert.deepEqual(seqs(new LogFilter({ text: 'b', level: 'error' }, FAST).apply(window)), [1, 2]);
  });

  it('says why an expression cannot be used, and goes on without it', () => {
    const filter = new LogFilter({ text: '(', isRegex: true, level: 'error' }, FAST);
    assert.equal(filter.problem?.code, 'badRequest');
    assert.deepEqual(seqs(filter.apply(lines(0, 'ERROR a', 'INFO b'))), [0]);
  });

  for (const [title, lineMs, expected] of [
    ['on one line', 60, 1],
    ['on all of them', 20, 26],
  ] as const) {
    it(`leaves an expression out that takes too long ${title}, and says so`, () => {
      let nowMs = 0;
      // Whoever looks at it twice sees how long that took.
      const clock = { monotonic: () => (nowMs += lineMs) };
      const filter = new LogFilter({ text: 'never', isRegex: true, level: 'error' }, clock);
      const window = Array.from({ length: 100 }, (_, seq) => new CountedLine(seq, 'ERROR a'));
      assert.equal(filter.apply(window).length, 100);
      assert.equal(filter.problem?.code, 'badRequest');
      assert.equal(nowMs, 2 * expected * lineMs, 'no line is matched after that');
      assert.equal(filter.apply([...window, ...lines(100, 'ERROR b', 'INFO c')]).length, 101);
    });
  }

  it('gives back the very window where nothing is asked for, and the same array where nothing changed', () => {
    const window = lines(0, 'a', 'b');
    assert.equal(new LogFilter({}, FAST).apply(window), window);
    const filter = new LogFilter({ text: 'a' }, FAST);
    const taken = filter.apply(window);
    assert.equal(filter.apply(window), taken);
    assert.equal(filter.apply([...window, ...lines(2, 'b')]), taken);
  });

  it('looks at each line once, whatever way the window moves', () => {
    const all = Array.from({ length: 300 }, (_, seq) => new CountedLine(seq, seq % 3 === 0 ? 'yes' : 'no'));
    const filter = new LogFilter({ text: 'yes' }, FAST);
    for (const [start, end] of [
      [100, 200],
      [150, 250],
      [150, 251],
      [200, 300],
    ] as const) {
      assert.equal(
        filter.apply(all.slice(start, end)).length,
        all.slice(start, end).filter(({ seq }) => seq % 3 === 0).length,
      );
    }
    assert.deepEqual([...new Set(all.slice(100).map(({ looks }) => looks))], [1]);
  });

  it('takes another log that counts the same for another one', () => {
    const filter = new LogFilter({ text: 'a' }, FAST);
    filter.apply(lines(0, 'a', 'b', 'a'));
    assert.deepEqual(seqs(filter.apply(lines(0, 'b', 'a', 'b', 'a'))), [1, 3]);
    assert.deepEqual(seqs(filter.apply([])), []);
    assert.deepEqual(seqs(filter.apply(lines(7, 'a'))), [7]);
  });

  it('agrees with filtering anew, for any windows on any logs', () => {
    const log = fc.array(
      fc.record({ text: fc.constantFrom('a', 'b', 'INFO a', 'ERROR a'), gap: fc.nat(2) }),
      {
        minLength: 1,
        maxLength: 30,
      },
    );
    fc.assert(
      fc.property(
        fc.array(log, { minLength: 1, maxLength: 3 }),
        fc.array(fc.tuple(fc.nat(2), fc.nat(30), fc.nat(30)), { maxLength: 20 }),
        fc.constantFrom({ text: 'a' }, { level: 'info' as const }, { text: '^a$', isRegex: true }),
        (logs, moves, options) => {
          const held = logs.map((drawn) => {
            let seq = 0;
            return drawn.map(({ text, gap }) => {
              seq += 1 + gap;
              return line(seq, text);
            });
          });
          const filter = new LogFilter(options, FAST);
          for (const [which, start, length] of moves) {
            const window = (held[which % held.length] ?? []).slice(start, start + length);
            assert.deepEqual(filter.apply(window), new LogFilter(options, FAST).apply(window));
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});
