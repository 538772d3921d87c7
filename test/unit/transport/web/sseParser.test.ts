import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { SseParser, SseTooLongError, type SseEvent } from '../../../../src/transport/web/sseParser';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

function parse(...chunks: readonly (string | Uint8Array)[]): SseEvent[] {
  const parser = new SseParser(1_000);
  return chunks.flatMap((chunk) => parser.take(typeof chunk === 'string' ? bytesOf(chunk) : chunk));
}

/** The whole stream at once, as the standard has it in so many words. */
function naive(text: string): SseEvent[] {
  const events: SseEvent[] = [];
  let [name, id] = ['', ''];
  let data: string[] = [];
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/);
  // What no line end closes is no line.
  for (const line of lines.slice(0, -1)) {
    const [, field = '', value = ''] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? [];
    if (line === '') {
      if (data.length > 0) {
        events.push({ name: name === '' ? 'message' : name, data: data.join('\n'), lastEventId: id });
      }
      name = '';
      data = [];
    } else if (field === 'event') {
      name = value;
    } else if (field === 'data') {
      data.push(value);
    } else if (field === 'id' && !value.includes('\0')) {
      id = value;
    }
  }
  return events;
}

const arbitraryStream = fc
  .array(
    fc.constantFrom(
      'data',
      'event',
      'id',
      'retry',
      ':',
      ' ',
      '\n',
      '\r',
      '\r\n',
      '\n\n',
      'x',
      '\0',
      'é',
      '🙂',
      '\uFEFF',
      'data: y\n\n',
      '1',
    ),
    { maxLength: 40 },
  )
  .map((pieces) => pieces.join(''));

describe('SseParser', () => {
  it('reads what the standard has for examples', () => {
    assert.deepEqual(parse(': a comment\n\ndata: some text\n\ndata: another\ndata: with two lines\n\n'), [
      { name: 'message', data: 'some text', lastEventId: '' },
      { name: 'message', data: 'another\nwith two lines', lastEventId: '' },
    ]);
    assert.deepEqual(parse('event: add\ndata: 1\nid: 7\n\ndata:  2\n\nid\ndata\n\n'), [
      { name: 'add', data: '1', lastEventId: '7' },
      { name: 'message', data: ' 2', lastEventId: '7' },
      { name: 'message', data: '', lastEventId: '' },
    ]);
  });

  it('knows an id and a time to wait without an event, and no event without its end', () => {
    const parser = new SseParser(1_000);
    assert.deepEqual(parser.take(bytesOf('retry: 1500\nid: 3\n')), []);
    assert.deepEqual([parser.retryMs, parser.lastEventId], [1_500, '']);
    assert.deepEqual(parser.take(bytesOf('\nretry: 1x\nid: 4\ndata: lost')), []);
    assert.deepEqual([parser.retryMs, parser.lastEventId], [1_500, '3']);
  });

  it('reads the same however the stream is cut, whatever is in it', () => {
    fc.assert(
      fc.property(arbitraryStream, fc.array(fc.nat(200), { maxLength: 8 }), (text, cuts) => {
        const bytes = bytesOf(text);
        const ends = [...cuts.map((cut) => Math.min(cut, bytes.length)), bytes.length].sort((a, b) => a - b);
        const chunks = ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
        assert.deepEqual(parse(...chunks), naive(text));
      }),
      { numRuns: 5_000 },
    );
  });

  it('reads a stream that comes byte by byte', () => {
    const text = '\uFEFFid: é🙂\r\ndata: a\r\rdata: b\n\r\ndata: c\r\n\r\n';
    const bytes = bytesOf(text);
    assert.deepEqual(parse(...[...bytes].map((byte) => Uint8Array.of(byte))), naive(text));
    assert.equal(naive(text).length, 3);
  });

  it('makes U+FFFD of what is no UTF-8', () => {
    const [event] = parse(Uint8Array.from([...bytesOf('data: '), 0xff, 0xc3, 0x0a, 0x0a]));
    assert.equal(event?.data, '\uFFFD\uFFFD');
  });

  for (const [what, piece] of [
    ['a line', 'x'.repeat(100)],
    ['a comment', ':'.repeat(100)],
    ['an event', `data: ${'x'.repeat(94)}\n`],
    ['an event of empty lines', 'data\n'.repeat(100)],
  ] as const) {
    it(`refuses ${what} without end, and holds no more than that`, () => {
      const parser = new SseParser(1_000);
      assert.throws(() => {
        for (let count = 0; count < 100; count += 1) {
          assert.deepEqual(parser.take(bytesOf(piece)), []);
        }
      }, SseTooLongError);
    });
  }
});
