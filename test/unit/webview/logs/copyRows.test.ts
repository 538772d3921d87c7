import assert from 'node:assert/strict';
import type { LogPlace, LogWindow } from '../../../../src/protocol/logView';
import { asMarkdown, copiedRows, MAX_COPIED_ROWS } from '../../../../webview/logs/copyRows';

/** A view of so many rows, of one stream each its own line. */
function viewOf(total: number): { read: (at: LogPlace, count: number) => Promise<LogWindow> } {
  return {
    read: (at, count) => {
      const position = at.type === 'row' ? at.line : at.type === 'position' ? at.position : 0;
      const rows = Array.from({ length: Math.max(0, Math.min(count, total - position)) }, (_, index) => ({
        stream: 0,
        line: position + index,
        text: `\u001b[31mline ${position + index}\u001b[0m`,
      }));
      return Promise.resolve({
        rows,
        streams: [{ stream: 0, namespace: 'shop', pod: 'web-0', container: 'app' }],
        position,
        total,
        revision: 0,
        letGo: { age: 0, stream: 0, total: 0 },
      });
    },
  };
}

const at = (line: number) => ({ stream: 0, line, position: line });

describe('copied rows', () => {
  it('are those from one to the other in either direction, without colours', async () => {
    const copied = await copiedRows(viewOf(10), {}, { anchor: at(4), focus: at(2) }, false);
    assert.deepEqual(copied, { text: 'line 2\nline 3\nline 4', rows: 3, left: 0 });
    const named = await copiedRows(viewOf(10), {}, { anchor: at(2), focus: at(2) }, true);
    assert.equal(named.text, 'web-0/app line 2');
  });

  it('are read in pages, and those that are too many are counted', async () => {
    const copied = await copiedRows(viewOf(50_000), {}, { anchor: at(0), focus: at(29_999) }, false);
    assert.equal(copied.rows, MAX_COPIED_ROWS);
    assert.equal(copied.left, 10_000);
    assert.equal(copied.text.split('\n').at(-1), `line ${MAX_COPIED_ROWS - 1}`);
  });

  it('are a block in Markdown that nothing in them ends', () => {
    const markdown = asMarkdown('a\n```\n````\nb', 'x *y* <z>');
    assert.equal(markdown, 'x \\*y\\* \\<z\\>\n\n`````log\na\n```\n````\nb\n`````\n');
  });
});
