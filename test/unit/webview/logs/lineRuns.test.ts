import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { lineRuns, searchedText, shownText } from '../../../../webview/logs/lineRuns';
import { markFinder, withMarks } from '../../../../webview/logs/textMarks';

const ESCAPE = '\u001b';
const BELL = '\u0007';
/** What is not seen, turns text around, or moves a cursor. */
const UNSEEN = /(?!\t)\p{Cc}|[\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/u;

describe('a line as runs', () => {
  it('takes colours and weights of a terminal for styles', () => {
    const runs = lineRuns(`${ESCAPE}[32mgreen${ESCAPE}[1;97;41m loud${ESCAPE}[0m plain`);
    assert.deepEqual(
      runs.filter(({ kind }) => kind === 'text').map(({ shown, style }) => [shown, style]),
      [
        ['green', 'ansi-fg-green'],
        [' loud', 'ansi-bold ansi-fg-bright-white ansi-bg-red'],
        [' plain', ''],
      ],
    );
    assert.equal(shownText(runs), 'green loud plain');
  });

  it('shows the nearest of the theme’s colours for those of a palette or a mix', () => {
    const style = (sequence: string): string | undefined => lineRuns(`${ESCAPE}[${sequence}mx`).at(-1)?.style;
    assert.equal(style('38;5;196'), 'ansi-fg-bright-red');
    assert.equal(style('38;2;0;120;0'), 'ansi-fg-green');
    assert.equal(style('48;2;250;250;250'), 'ansi-bg-bright-white');
    assert.equal(style('38;5;3'), 'ansi-fg-yellow');
    assert.equal(style('38;5;999'), '');
    assert.equal(style('38'), '');
  });

  it('shows what clears, moves, retitles or links as text, and obeys nothing', () => {
    const runs = lineRuns(
      `a${ESCAPE}[2Jb${ESCAPE}]0;title${BELL}c${ESCAPE}]8;;https://example.org${ESCAPE}\\d${ESCAPE}c`,
    );
    assert.equal(shownText(runs), 'a^[[2Jb^[]0;title^Gc^[]8;;https://example.org^[\\d^[c');
  });

  it('shows control characters and those that turn text around', () => {
    assert.equal(shownText(lineRuns('a\u0000b\r\tc\u007f')), 'a^@b^M\tc^?');
    assert.equal(shownText(lineRuns('x\u202egnp.exe\u200b')), 'x‹U+202E›gnp.exe‹U+200B›');
    assert.equal(shownText(lineRuns('a\u{e0041}b\u0085')), 'a‹U+E0041›b‹U+0085›');
  });

  it('is the whole line again, and shows nothing that is not seen, whatever the line', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 20 }),
      fc.constantFrom(
        ESCAPE,
        `${ESCAPE}[`,
        `${ESCAPE}]`,
        BELL,
        ';',
        '38;5;',
        'm',
        '\u202e',
        '\u0000',
        `${ESCAPE}\\`,
        '🚀',
      ),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const line = pieces.join('');
        const runs = lineRuns(line);
        assert.equal(runs.map(({ raw }) => raw).join(''), line);
        assert.doesNotMatch(shownText(runs), UNSEEN);
        assert.ok(runs.every(({ style }) => /^[a-z -]*$/.test(style)));
      }),
      { numRuns: 300 },
    );
  });

  it('takes a line of a hundred kilobytes of escapes in its stride', () => {
    const line = `${ESCAPE}[31m`.repeat(20_000);
    assert.equal(shownText(lineRuns(line)), '');
    const open = `${ESCAPE}]`.repeat(20_000);
    assert.equal(
      lineRuns(open)
        .map(({ raw }) => raw)
        .join(''),
      open,
    );
  });
});

describe('marks in a line', () => {
  it('stand where the text is, colours or not', () => {
    const runs = lineRuns(`an ${ESCAPE}[31mup${ESCAPE}[32mstream${ESCAPE}[0m error`);
    const find = markFinder({ text: 'UPSTREAM' }, 'mark-find');
    const marks = find?.(searchedText(runs)) ?? [];
    assert.deepEqual(
      withMarks(runs, marks)
        .filter(({ mark }) => mark !== undefined)
        .map(({ shown, style }) => [shown, style]),
      [
        ['up', 'ansi-fg-red'],
        ['stream', 'ansi-fg-green'],
      ],
    );
  });

  it('cut runs and lose nothing, whatever overlaps', () => {
    const mark = fc.record({ from: fc.nat(40), length: fc.nat(10), style: fc.constantFrom('a', 'b') });
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 40 }),
        fc.array(mark, { maxLength: 8 }),
        (line, list) => {
          const runs = lineRuns(line);
          const marks = list.map(({ from, length, style }) => ({ from, until: from + length, style }));
          const marked = withMarks(runs, marks);
          assert.equal(marked.map(({ raw }) => raw).join(''), line);
          const starts = marked.map(({ start }) => start);
          assert.equal(new Set(starts).size, starts.length);
        },
      ),
    );
  });

  it('take a text as it stands', () => {
    assert.deepEqual(markFinder({ text: 'a.c' }, 's')?.('abc a.c'), [{ from: 4, until: 7, style: 's' }]);
    assert.equal(markFinder({ text: '' }, 's'), undefined);
  });
});
