import assert from 'node:assert/strict';
import { renderToStaticMarkup } from 'react-dom/server';
import type { LogMarker } from '../../../../src/protocol/podLog';
import { displayText, MAX_SHOWN_CHARS } from '../../../../webview/realtime/displayText';
import { LogRow } from '../../../../webview/logs/LogRow';

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
    const html = renderToStaticMarkup(<LogRow line={{ seq: 0, text: 'WARN slow', level: 'warning' }} />);
    assert.match(html, /line-warning.*>W<\/span>/s);
  });

  it('shows a line without a time, or with one that is none', () => {
    const html = renderToStaticMarkup(<LogRow line={{ seq: 0, time: 'soon', text: 'x' }} />);
    assert.ok(html.includes('>x</span>'));
    assert.ok(!html.includes('Invalid'));
  });

  it('says how much of a long line is not here', () => {
    const html = renderToStaticMarkup(<LogRow line={{ seq: 0, text: 'x', hiddenBytes: 9_991_808 }} />);
    assert.ok(html.includes('… 9,991,808 more bytes'), html);
  });

  it('shows a gap with its length where lines may be missing, and a new start without one', () => {
    const from = '2026-01-01T00:00:00.000000000Z';
    const until = '2026-01-01T00:00:12.500000000Z';
    const gap = (marker: LogMarker): string =>
      renderToStaticMarkup(<LogRow line={{ seq: 0, text: '', marker }} />);
    assert.match(gap({ type: 'gap', from, until }), /lines of 12\.5 s may be missing/);
    assert.match(gap({ type: 'gap', from }), /may be missing from /);
    assert.match(gap({ type: 'gap' }), /may be missing here/);
    assert.match(gap({ type: 'restarted' }), /started anew/);
  });
});
