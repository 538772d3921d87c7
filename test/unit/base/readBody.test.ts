import assert from 'node:assert/strict';
import { BodyTooLargeError, readLines, readText } from '../../../src/base/readBody';

async function* chunks(...texts: readonly (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) {
    yield typeof text === 'string' ? new TextEncoder().encode(text) : text;
  }
}

async function linesOf(body: AsyncIterable<Uint8Array>, maxLineChars = 100): Promise<string[]> {
  const lines: string[] = [];
  for await (const batch of readLines(body, maxLineChars)) {
    lines.push(...batch.lines.map((line) => (batch.isUnterminated ? `${line}…` : line)));
  }
  return lines;
}

describe('readLines', () => {
  it('joins lines that arrive in pieces', async () => {
    assert.deepEqual(await linesOf(chunks('on', 'e\ntw', 'o\nthree\n')), ['one', 'two', 'three']);
  });

  it('marks a rest without a line feed', async () => {
    assert.deepEqual(await linesOf(chunks('one\ntw', 'o')), ['one', 'two…']);
  });

  it('joins characters that arrive in pieces', async () => {
    const bytes = new TextEncoder().encode('grün\n');
    assert.deepEqual(await linesOf(chunks(bytes.slice(0, 3), bytes.slice(3))), ['grün']);
  });

  it('refuses a line that grows past the bound', async () => {
    await assert.rejects(linesOf(chunks('12345', '67890', '1'), 10), BodyTooLargeError);
  });
});

describe('readText', () => {
  it('refuses a body that is longer than allowed', async () => {
    assert.equal(await readText(chunks('12', '34'), 4), '1234');
    await assert.rejects(readText(chunks('12', '345'), 4), BodyTooLargeError);
  });
});
