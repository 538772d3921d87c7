import assert from 'node:assert/strict';
import { renderToStaticMarkup } from 'react-dom/server';
import { displayText, MAX_SHOWN_CHARS } from '../../../../webview/realtime/displayText';
import { logLevel, type LogLevel } from '../../../../webview/realtime/logLevel';
import { LogRow } from '../../../../webview/logs/LogRow';

describe('logLevel', () => {
  const cases: readonly (readonly [string, LogLevel | undefined])[] = [
    ['W1123 14:00:12.000000       1 controller.go:42] slow', 'warning'],
    ['E1123 14:00:12.000000       1 controller.go:42] gone', 'error'],
    ['{"level":"info","msg":"an ERROR is in the text"}', 'info'],
    ['{"msg":"x","severity":"WARNING"}', 'warning'],
    ['ts=1 level=debug msg=x', 'debug'],
    ['2026-11-23 14:00:00 ERROR upstream closed', 'error'],
    ['2026/11/23 [warn] 7#7: slow', 'warning'],
    ['found no error in 3 files', undefined],
    ['ERRORS is a word of its own', undefined],
    ['', undefined],
  ];
  for (const [text, level] of cases) {
    it(`reads ${level ?? 'no level'} in "${text}"`, () => assert.equal(logLevel(text), level));
  }
});

describe('displayText', () => {
  const escape = String.fromCharCode(27);

  it('leaves out what is meant for a terminal', () => {
    const line = `${escape}[32mgreen${escape}[0m ${escape}]0;title${String.fromCharCode(7)}end${escape}[2J`;
    assert.equal(displayText(line).text, 'green end');
  });

  it('shows other control characters as such, and keeps tabs', () => {
    assert.equal(displayText('a\u0000b\r\tc\u007f').text, 'a^@b^M\tc^?');
  });

  it('cuts a line that is too long to lay out, and says by how much', () => {
    const { text, hidden } = displayText('x'.repeat(10_000_000));
    assert.equal(text.length, MAX_SHOWN_CHARS);
    assert.equal(hidden, 10_000_000 - MAX_SHOWN_CHARS);
  });

  it('leaves the word to the host about a line that it has cut', () => {
    for (const missing of [1, 9_991_808, Number.MAX_SAFE_INTEGER]) {
      const line = `${'x'.repeat(8_192)} … [+${missing}]`;
      assert.deepEqual(displayText(line), { text: line, hidden: 0 });
    }
  });

  it('takes no cut of the host for the end of what is meant for a terminal', () => {
    for (const start of ['[', '[3', ']0;title', '']) {
      const { text } = displayText(`x${escape}${start} … [+17]`);
      assert.equal(text, `x^[${start} … [+17]`);
    }
  });

  it('splits no character of two units', () => {
    const { text, hidden } = displayText('x' + '🚀'.repeat(10_000));
    assert.ok(text.isWellFormed());
    assert.equal(text.length + hidden, 20_001);
  });
});

describe('LogRow', () => {
  it('shows what is meant for a terminal or a page as text', () => {
    const escape = String.fromCharCode(27);
    const text = `${escape}[2J${escape}[31m<b onclick="x()">&amp;${escape}]8;;https://example.org${escape}\\here</b>${escape}c\r`;
    const html = renderToStaticMarkup(<LogRow line={{ seq: 0, text }} />);
    assert.ok(html.includes('>&lt;b onclick=&quot;x()&quot;&gt;&amp;amp;here&lt;/b&gt;'), html);
    assert.ok(!html.includes(escape) && !html.includes('<b') && !html.includes('\r'), html);
  });

  it('shows markup as text', () => {
    const html = renderToStaticMarkup(<LogRow line={{ seq: 0, text: '<script>alert(1)</script>' }} />);
    assert.ok(!html.includes('<script>'));
    assert.ok(html.includes('&lt;script&gt;alert(1)'));
  });

  it('says the level by a letter too, not by colour alone', () => {
    const html = renderToStaticMarkup(<LogRow line={{ seq: 0, text: 'WARN slow' }} />);
    assert.match(html, /line-warning.*>W<\/span>/s);
  });

  it('shows a line without a time, or with one that is none', () => {
    const html = renderToStaticMarkup(<LogRow line={{ seq: 0, time: 'soon', text: 'x' }} />);
    assert.ok(html.includes('>x</span>'));
    assert.ok(!html.includes('Invalid'));
  });
});
