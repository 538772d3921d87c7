import assert from 'node:assert/strict';
import { systemClock } from '../../../src/base/clock';
import { InThreadScanner } from '../../../src/logs/chunkScanner';
import { LogChunk } from '../../../src/logs/logChunk';
import type { PatternSet, ScanRange } from '../../../src/logs/scanText';
import { WorkerScanner } from '../../../src/node/workerScanner';
import { trackLeaks } from '../../support/leakTracker';

const pattern = (text: string): PatternSet => ({ all: [{ text, isRegex: true }], any: [], none: [] });

/** No end in sight: each `a` doubles what is tried. */
const CATASTROPHIC = pattern('^(a+)+$');

describe('the scanner on a thread of its own', function () {
  this.timeout(30_000);
  let scanner: WorkerScanner;

  beforeEach(() => {
    scanner = new WorkerScanner(systemClock);
  });
  afterEach(() => scanner.dispose());
  trackLeaks();

  function range(...lines: readonly string[]): ScanRange {
    const chunk = new LogChunk(0, 10_000, scanner.allocate);
    assert.ok(chunk.bytes);
    for (const line of lines) {
      const at = chunk.usedBytes;
      const { written } = new TextEncoder().encodeInto(`${line}\n`, new Uint8Array(10_000));
      chunk.bytes.set(new TextEncoder().encode(`${line}\n`), at);
      chunk.add(at + written, 0, 0, 0);
    }
    return { bytes: chunk.bytes, ends: chunk.ends, from: 0, to: chunk.count };
  }

  it('finds what the one beside finds', async () => {
    const lines = range('one', 'two', 'three one', 'ü one');
    assert.deepEqual([...(await scanner.scan(pattern('one$'), lines))], [0, 2, 3]);
    assert.deepEqual([...(await scanner.scan(pattern('^t'), { ...lines, from: 1, to: 3 }))], [1, 2]);
  });

  it('finds where a pattern is in texts, as the one beside does, and gives up one that takes too long', async () => {
    const found = { text: 'o\\w', isRegex: true };
    const texts = ['one two', '', 'ONE', 'x ok ox'];
    const inThread = new InThreadScanner(systemClock);
    const marks = [[0, 2], [], [0, 2], [2, 4, 5, 7]];
    assert.deepEqual(await scanner.marks(found, texts), marks);
    assert.deepEqual(await inThread.marks(found, texts), marks);
    inThread.dispose();
    const slow = { text: '^(a+)+$', isRegex: true };
    const other = scanner.marks(found, texts);
    await assert.rejects(scanner.marks(slow, [`${'a'.repeat(40)}!`]), { code: 'scanTooSlow' });
    await assert.rejects(scanner.marks(slow, ['b']), { code: 'scanTooSlow' });
    assert.deepEqual(await other, marks);
  });

  it('answers many in their order', async () => {
    const lines = range(...Array.from({ length: 100 }, (_, index) => `line ${index}`));
    const found = await Promise.all(
      Array.from({ length: 100 }, (_, index) => scanner.scan(pattern(`\\b${index}$`), lines)),
    );
    assert.deepEqual(
      found.map((each) => [...each]),
      Array.from({ length: 100 }, (_, index) => [index]),
    );
  });

  it('ends an expression that takes too long, and does what else was asked', async () => {
    const lines = range(`${'a'.repeat(40)}!`, 'b');
    const other = pattern('b');
    const first = scanner.scan(other, lines);
    const slow = scanner.scan(CATASTROPHIC, lines);
    const slowAgain = scanner.scan(CATASTROPHIC, lines);
    const last = scanner.scan(other, lines);
    assert.deepEqual([...(await first)], [1]);
    await assert.rejects(slow, { code: 'scanTooSlow' });
    await assert.rejects(slowAgain, { code: 'scanTooSlow' });
    assert.deepEqual([...(await last)], [1]);
    await assert.rejects(scanner.scan(CATASTROPHIC, lines), { code: 'scanTooSlow' });
  });

  it('ends what it was asked when it is disposed', async () => {
    const asked = scanner.scan(CATASTROPHIC, range(`${'a'.repeat(40)}!`));
    scanner.dispose();
    await assert.rejects(asked, { name: 'AbortError' });
    await assert.rejects(scanner.scan(CATASTROPHIC, range('a')), { name: 'AbortError' });
  });
});
