import assert from 'node:assert/strict';
import type { LogPlace, LogWindow } from '../../../../src/protocol/logView';
import {
  asMarkdown,
  copiedRows,
  MAX_COPIED_REST_BYTES,
  MAX_COPIED_ROWS,
} from '../../../../webview/logs/copyRows';

type View = Parameters<typeof copiedRows>[0];

/** A view of so many rows, of one stream each its own line; of each only the first `shown` bytes are in a window. */
function viewOf(total: number, long = '', shown = 0): View {
  return {
    line: ({ from, limit }) => {
      const next = from + limit;
      return Promise.resolve({
        text: long.slice(from, next),
        bytes: long.length,
        cutBytes: 0,
        ...(next < long.length ? { next } : {}),
      });
    },
    read: (at: LogPlace, count: number): Promise<LogWindow> => {
      const position = at.type === 'row' ? at.line : at.type === 'position' ? at.position : 0;
      const rows = Array.from({ length: Math.max(0, Math.min(count, total - position)) }, (_, index) => ({
        stream: 0,
        line: position + index,
        ...(long === ''
          ? { text: `\u001b[31mline ${position + index}\u001b[0m` }
          : { text: long.slice(0, shown), hiddenBytes: long.length - shown }),
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
    const copied = await copiedRows(viewOf(10), {}, { pane: 'all', anchor: at(4), focus: at(2) }, false);
    assert.deepEqual(copied, { text: 'line 2\nline 3\nline 4', rows: 3, left: 0 });
    const named = await copiedRows(viewOf(10), {}, { pane: 'all', anchor: at(2), focus: at(2) }, true);
    assert.equal(named.text, 'web-0/app line 2');
  });

  it('are read in pages, and those that are too many are counted', async () => {
    const copied = await copiedRows(
      viewOf(50_000),
      {},
      { pane: 'all', anchor: at(0), focus: at(29_999) },
      false,
    );
    assert.equal(copied.rows, MAX_COPIED_ROWS);
    assert.equal(copied.left, 10_000);
    assert.equal(copied.text.split('\n').at(-1), `line ${MAX_COPIED_ROWS - 1}`);
  });

  it('are whole where a window has only their beginning', async () => {
    const long = '0123456789'.repeat(80_000);
    const copied = await copiedRows(
      viewOf(1, long, 100),
      {},
      { pane: 'all', anchor: at(0), focus: at(0) },
      false,
    );
    assert.equal(copied.text, long);
  });

  it('say how much is missing of lines that are too long for a clipboard', async () => {
    const long = 'x'.repeat(MAX_COPIED_REST_BYTES - 10);
    const copied = await copiedRows(
      viewOf(3, long, 100),
      {},
      { pane: 'all', anchor: at(0), focus: at(2) },
      false,
    );
    const [first = '', second = '', third = ''] = copied.text.split('\n');
    assert.equal(first, long);
    assert.equal(second, third);
    assert.equal(third, `${'x'.repeat(100)} … ${(long.length - 100).toLocaleString('en')} more bytes`);
  });

  it('are a block in Markdown that nothing in them ends', () => {
    const markdown = asMarkdown('a\n```\n````\nb', 'x *y* <z>');
    assert.equal(markdown, 'x \\*y\\* \\<z\\>\n\n`````log\na\n```\n````\nb\n`````\n');
  });
});
