import assert from 'node:assert/strict';
import { renderToStaticMarkup } from 'react-dom/server';
import { displayText, MAX_SHOWN_CHARS } from '../../../../webview/logs/displayText';
import { logLevel, type LogLevel } from '../../../../webview/logs/logLevel';
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
});

describe('LogRow', () => {
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
