import assert from 'node:assert/strict';
import { renderToStaticMarkup } from 'react-dom/server';
import type { LogMarker, LogRow as Row } from '../../../../src/protocol/podLog';
import { displayText, MAX_SHOWN_CHARS } from '../../../../webview/realtime/displayText';
import { LogRow, type RowLook } from '../../../../webview/logs/LogRow';

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

  it('splits no character of two units', () => {
    const { text, hidden } = displayText('x' + '🚀'.repeat(10_000));
    assert.ok(text.isWellFormed());
    assert.equal(text.length + hidden, 20_001);
  });
});

const LOOK: RowLook = {
  time: 'local',
  naming: 'none',
  nameChars: 0,
  columns: [],
  marksOf: () => [],
  readLine: () => Promise.reject(new Error('not asked for')),
};

function show(row: Partial<Row>, isExpanded = false): string {
  return renderToStaticMarkup(
    <LogRow
      row={{ stream: 0, line: 0, text: '', ...row }}
      name={{ stream: 0, namespace: 'shop', pod: 'web-0', container: 'app' }}
      look={LOOK}
      isExpanded={isExpanded}
      isSelected={false}
      isCurrent={false}
      isMatch={false}
      id="r"
      number={1}
      count={1}
    />,
  );
}

describe('LogRow', () => {
  it('shows what is meant for a terminal or a page as text', () => {
    const escape = String.fromCharCode(27);
    const html = show({ text: `${escape}[2J${escape}[31m<b onclick="x()">&amp;</b>${escape}c\r` });
    assert.ok(html.includes('^[[2J'), html);
    assert.ok(html.includes('ansi-fg-red">&lt;b onclick=&quot;x()&quot;&gt;&amp;amp;&lt;/b&gt;'), html);
    assert.ok(!html.includes(escape) && !html.includes('<b ') && !html.includes('\r'), html);
  });

  it('shows markup as text', () => {
    const html = show({ text: '<script>alert(1)</script>' });
    assert.ok(!html.includes('<script>'));
    assert.ok(html.includes('&lt;script&gt;alert(1)'));
  });

  it('says the level by a letter too, not by colour alone', () => {
    assert.match(show({ text: 'WARN slow', level: 'warning' }), /row-warning.*>W<\/span>/s);
  });

  it('shows a line without a time, or with one that is none', () => {
    const html = show({ time: 'soon', text: 'x' });
    assert.ok(html.includes('>x</span>'));
    assert.ok(!html.includes('Invalid'));
  });

  it('shows the beginning of a long line, and says how much is not here', () => {
    const html = show({ text: 'ü'.repeat(8_192), hiddenBytes: 9_983_616 });
    assert.ok(html.includes('… 9,997,952 more bytes'), html.slice(-200));
    assert.ok(html.length < 3_000);
  });

  it('opens a JSON line field by field', () => {
    const html = show({ text: '{"a": {"b": "<i>\\u202e"}}' }, true);
    assert.match(html, /&quot;b&quot;: &quot;&lt;i&gt;‹U\+202E›&quot;/);
    assert.match(html, /aria-description="opened"/);
    assert.doesNotMatch(show({ text: 'plain' }), /aria-description/);
  });

  it('shows a gap with its length where lines may be missing, and a new start without one', () => {
    const from = '2026-01-01T00:00:00.000000000Z';
    const until = '2026-01-01T00:00:12.500000000Z';
    const gap = (marker: LogMarker): string => show({ marker });
    assert.match(gap({ type: 'gap', from, until }), /web-0\/app: .*lines of 12\.5 s may be missing/);
    assert.match(gap({ type: 'gap', from }), /may be missing from /);
    assert.match(gap({ type: 'gap' }), /may be missing here/);
    assert.match(gap({ type: 'restarted' }), /started anew/);
  });
});
