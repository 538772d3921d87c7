import assert from 'node:assert/strict';
import { seededRandom } from '../../../src/base/random';
import { splitLogLines } from '../../../src/kube/splitLogLines';
import { ScriptedBody } from './scriptedKube';

async function split(chunks: readonly (string | Uint8Array)[], maxLineChars = 100) {
  const body = new ScriptedBody();
  chunks.forEach((chunk) => body.write(chunk));
  body.end();
  const lines: string[] = [];
  let isUnterminated = false;
  for await (const batch of splitLogLines(body, maxLineChars)) {
    lines.push(...batch.lines);
    ({ isUnterminated } = batch);
  }
  return { lines, isUnterminated };
}

describe('splitting a log into lines', () => {
  it('joins what chunks cut, in characters and lines alike', async () => {
    const random = seededRandom(7);
    const expected = Array.from({ length: 200 }, (_, index) => `${index} grün 🟢 ${'x'.repeat(index % 17)}`);
    const bytes = new TextEncoder().encode(expected.map((line) => `${line}\n`).join(''));
    const chunks: Uint8Array[] = [];
    for (let at = 0; at < bytes.length;) {
      const end = at + 1 + Math.floor(random.next() * 40);
      chunks.push(bytes.slice(at, end));
      at = end;
    }
    assert.deepEqual(await split(chunks), { lines: expected, isUnterminated: false });
  });

  it('marks a rest that no line feed closed', async () => {
    assert.deepEqual(await split(['a\nb']), { lines: ['a', 'b'], isUnterminated: true });
    assert.deepEqual(await split(['a\n']), { lines: ['a'], isUnterminated: false });
    assert.deepEqual(await split([]), { lines: [], isUnterminated: false });
  });

  it('keeps empty lines, and drops the carriage return before a line feed only', async () => {
    assert.deepEqual((await split(['a\r\n\r\n\nb\rc\n'])).lines, ['a', '', '', 'b\rc']);
  });

  it('cuts a line that is too long, says by how much, and goes on with the next', async () => {
    const { lines } = await split(['x'.repeat(90), 'y'.repeat(90), 'z'.repeat(90), '\nshort\n']);
    assert.deepEqual(lines, [`${'x'.repeat(90)}${'y'.repeat(10)} … [+170]`, 'short']);
  });

  it('keeps a line of just the longest length whole, its carriage return apart', async () => {
    const whole = 'x'.repeat(100);
    assert.deepEqual((await split([`${whole}\n${whole}\r\n`])).lines, [whole, whole]);
    assert.deepEqual((await split([whole, '\r', '\n'])).lines, [whole]);
    assert.deepEqual((await split([`${whole}y\r\n`])).lines, [`${whole} … [+1]`]);
  });

  it('does not cut a character in half', async () => {
    const line = `${'x'.repeat(99)}🟢${'y'.repeat(50)}`;
    assert.deepEqual((await split([line])).lines, [`${'x'.repeat(99)} … [+52]`]);
  });

  it('holds no more than a line’s bound of a line that never ends', async () => {
    const { lines, isUnterminated } = await split(Array.from({ length: 1000 }, () => 'x'.repeat(1000)));
    assert.deepEqual(lines, [`${'x'.repeat(100)} … [+999900]`]);
    assert.equal(isUnterminated, true);
  });

  it('replaces bytes that are no UTF-8', async () => {
    assert.deepEqual((await split([new Uint8Array([0x61, 0xff, 0x00, 0x62, 0x0a])])).lines, [
      'a\uFFFD\u0000b',
    ]);
  });
});
