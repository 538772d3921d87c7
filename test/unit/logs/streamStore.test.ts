import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { CUT, UNTIMED } from '../../../src/logs/logChunk';
import { LEVEL } from '../../../src/logs/levelCode';
import { LogBudget } from '../../../src/logs/logBudget';
import { MAX_LINE_BYTES } from '../../../src/logs/streamStore';
import { FakeClock } from '../../support/fakeClock';
import { at, decode, encode, newStore, texts } from './heldText';

const UNBOUNDED = { keptMs: Number.POSITIVE_INFINITY, keptBytes: Number.POSITIVE_INFINITY };

describe('the store of a log', () => {
  it('holds lines with their times and levels, whole and as they were written', () => {
    const { store } = newStore();
    store.append(encode(`${at(0)} INFO a\r\n${at(1)} \u001b[31mERROR\u001b[0m ü\u0000\nno time\n\n`));
    assert.deepEqual(texts(store), ['INFO a', '\u001b[31mERROR\u001b[0m ü\u0000', 'no time', '']);
    assert.deepEqual(
      [0, 1, 2, 3].map((line) => store.line(line)?.time),
      [at(0), at(1), undefined, undefined],
    );
    assert.deepEqual(
      [0, 1, 2, 3].map((line) => store.line(line)?.flags),
      [LEVEL.info, LEVEL.error, UNTIMED, UNTIMED],
    );
    assert.equal(store.line(4), undefined);
    assert.equal(store.line(-1), undefined);
  });

  it('holds the same however what came is cut', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('a', 'b\r', '', 'ü🚀', `${at(3)} x`, `${at(4)} `, 'y'.repeat(5_000)), {
          maxLength: 40,
        }),
        fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 20 }),
        (lines, cuts) => {
          const bytes = encode(lines.map((line) => `${line}\n`).join(''));
          const whole = newStore().store;
          whole.append(bytes);
          const pieces = newStore().store;
          for (let from = 0, cut = 0; from < bytes.length; cut += 1) {
            const size = cuts[cut % cuts.length] ?? 1;
            pieces.append(bytes.slice(from, from + size));
            from += size;
          }
          assert.deepEqual(texts(pieces), texts(whole));
          assert.equal(whole.next, lines.length);
          for (let line = 0; line < lines.length; line += 1) {
            assert.deepEqual(pieces.line(line)?.time, whole.line(line)?.time);
            assert.equal(pieces.keyOf(line), whole.keyOf(line));
          }
        },
      ),
    );
  });

  it('keeps the order of its lines where their times go back, and the times as they are', () => {
    const { store } = newStore();
    store.append(encode(`${at(5_000)} a\n${at(4_990)} b\n${at(5_001)} c\n${at(0)} set back\n${at(1)} d\n`));
    const keys = [0, 1, 2, 3, 4].map((line) => store.keyOf(line));
    assert.deepEqual(
      keys,
      [...keys].sort((a, b) => a - b),
    );
    assert.deepEqual(
      [0, 1, 2, 3, 4].map((line) => store.line(line)?.time),
      [at(5_000), at(4_990), at(5_001), at(0), at(1)],
    );
  });

  it('does not show a line before its line feed, and then when it is told to', () => {
    const { store } = newStore();
    store.append(encode(`${at(0)} a\n${at(1)} b`));
    assert.deepEqual(texts(store), ['a']);
    store.dropOpenLine();
    store.append(encode(`${at(1)} b, whole\n${at(2)} c`));
    store.closeLine();
    store.closeLine();
    assert.deepEqual(texts(store), ['a', 'b, whole', 'c']);
  });

  it('holds a line of 10 MB whole', () => {
    const { store } = newStore();
    const piece = new Uint8Array(65_536).fill(120);
    store.append(encode(`${at(0)} `));
    for (let sent = 0; sent < 10_000_000; sent += piece.length) {
      store.append(piece.subarray(0, Math.min(piece.length, 10_000_000 - sent)));
    }
    store.append(encode(`\n${at(1)} next\n`));
    const line = store.line(0);
    assert.equal(line?.bytes?.length, 10_000_000);
    assert.equal(line?.cutBytes, 0);
    assert.equal(line?.time, at(0));
    assert.deepEqual(texts(store).slice(1), ['next']);
    assert.ok(store.heldBytes < 11_000_000, `${store.heldBytes} bytes are held`);
  });

  it('bounds what never ends, and tells how much is missing', () => {
    const { store } = newStore();
    const piece = new Uint8Array(1024 * 1024).fill(120);
    for (let sent = 0; sent < 40; sent += 1) {
      store.append(piece);
    }
    assert.ok(store.heldBytes < MAX_LINE_BYTES + 100, `${store.heldBytes} bytes are held`);
    assert.equal(store.next, 0);
    store.append(encode('\nshort\n'));
    const line = store.line(0);
    assert.equal(line?.bytes?.length, MAX_LINE_BYTES);
    assert.equal(line?.cutBytes, 40 * piece.length - MAX_LINE_BYTES);
    assert.equal((line?.flags ?? 0) & CUT, CUT);
    assert.deepEqual(texts(store).slice(1), ['short']);
  });

  it('gives up its oldest lines beyond its bytes, and says so before they are gone', () => {
    const { store, letGo } = newStore();
    const line = `${'x'.repeat(99)}\n`;
    for (let count = 0; count < 1_000; count += 1) {
      store.append(encode(line.repeat(100)));
      store.keepWithin({ ...UNBOUNDED, keptBytes: 2_000_000 });
      assert.ok(store.heldBytes <= 2_000_000, `${store.heldBytes} bytes are held`);
    }
    assert.equal(store.next, 100_000);
    assert.ok(store.first > 80_000 && store.first < 90_000, `the first is ${store.first}`);
    assert.equal(store.letGo.stream, store.first);
    assert.equal(
      letGo.reduce((sum, { count }) => sum + count, 0),
      store.first,
    );
    assert.equal(store.line(store.first - 1), undefined);
    assert.equal(texts(store).length, 100_000 - store.first);
  });

  it('gives up what is old, but for the newest lines', async () => {
    const clock = new FakeClock();
    const { store } = newStore(clock);
    const bounds = { keptMs: 60_000, keptBytes: Number.POSITIVE_INFINITY };
    store.append(encode('old\n'.repeat(60_000)));
    await clock.advance(59_000);
    store.append(encode('new\n'.repeat(60_000)));
    store.keepWithin(bounds);
    assert.equal(store.first, 0);
    await clock.advance(2_000);
    store.keepWithin(bounds);
    assert.ok(store.first > 0 && store.first <= 60_000, `the first is ${store.first}`);
    await clock.advance(3_600_000);
    store.keepWithin(bounds);
    assert.ok(store.next - store.first >= 5_000, `${store.next - store.first} are left`);
    assert.equal(store.letGo.age, store.first);
  });

  it('counts all its memory', () => {
    const { store } = newStore();
    store.append(encode(`${'x'.repeat(100)}\n`.repeat(100_000)));
    const counted = store.chunks.reduce(
      (sum, { bytes, ends, keys, flags }) =>
        sum + (bytes?.byteLength ?? 0) + ends.byteLength + keys.byteLength + flags.byteLength,
      0,
    );
    assert.equal(store.heldBytes, counted);
    assert.ok(counted < 100_000 * 101 * 1.2, `${counted} bytes are held`);
  });
});

describe('the bytes of all logs', () => {
  it('are kept within their bound by whoever holds most', () => {
    const budget = new LogBudget(() => 4_000_000);
    const stores = [newStore().store, newStore().store, newStore().store];
    const counted = stores.map((store) => budget.add(store));
    const [loud, quiet, late] = stores;
    quiet?.append(encode(`${'q'.repeat(99)}\n`.repeat(5_000)));
    budget.keep();
    loud?.append(encode(`${'l'.repeat(99)}\n`.repeat(100_000)));
    budget.keep();
    late?.append(encode(`${'z'.repeat(99)}\n`.repeat(5_000)));
    budget.keep();
    assert.ok(budget.heldBytes <= 4_000_000);
    assert.equal(quiet?.first, 0);
    assert.equal(late?.first, 0);
    assert.equal(loud?.letGo.total, loud?.first);
    assert.ok((loud?.first ?? 0) > 0);
    counted.forEach((each) => each.dispose());
    assert.equal(budget.heldBytes, 0);
  });

  it('hold good where lines never end, of which the beginning stays and the rest is counted', () => {
    const budget = new LogBudget(() => 1_000_000);
    const [one, other] = [newStore().store, newStore().store];
    budget.add(one);
    budget.add(other);
    one.append(encode('a'.repeat(5_000_000)));
    other.append(encode('b'.repeat(5_000_000)));
    budget.keep();
    assert.ok(budget.heldBytes <= 1_000_000, `${budget.heldBytes} bytes are held`);
    one.append(encode(`${'a'.repeat(1_000)}\nnext\n`));
    const line = one.line(0);
    assert.equal((line?.length ?? 0) + (line?.cutBytes ?? 0), 5_001_000);
    assert.equal(decode(line?.bytes ?? new Uint8Array(0)), 'a'.repeat(line?.length ?? 0));
    assert.ok((line?.length ?? 0) >= 64 * 1024);
    assert.deepEqual(texts(one).slice(1), ['next']);
  });

  it('hold good where one line alone is beyond them', () => {
    const budget = new LogBudget(() => 1_000_000);
    const { store } = newStore();
    budget.add(store);
    store.append(encode(`${'a'.repeat(5_000_000)}\n`));
    budget.keep();
    assert.ok(budget.heldBytes <= 1_000_000, `${budget.heldBytes} bytes are held`);
    assert.deepEqual([store.letGo.total, store.first, store.next], [1, 1, 1]);
    store.append(encode('next\n'));
    assert.deepEqual(texts(store), ['next']);
  });
});
