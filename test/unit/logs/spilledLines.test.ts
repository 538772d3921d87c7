import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { InThreadScanner } from '../../../src/logs/chunkScanner';
import { heldTail } from '../../../src/logs/lineFingerprint';
import { LogBudget } from '../../../src/logs/logBudget';
import { LogView, type ViewStream } from '../../../src/logs/logView';
import { MergeOrder } from '../../../src/logs/mergeOrder';
import type { StreamBounds } from '../../../src/logs/streamStore';
import type { LogFilter, LogPlace } from '../../../src/protocol/logView';
import { FakeClock } from '../../support/fakeClock';
import { trackLeaks } from '../../support/leakTracker';
import { at, encode } from './heldText';
import { MemorySpill } from './memorySpill';

const FIRST: LogPlace = { type: 'position', position: 0 };
const MB = 1_000_000;

describe('lines that leave memory for the disk', () => {
  let clock: FakeClock;
  let scanner: InThreadScanner;
  let view: LogView;
  let spill: MemorySpill;
  let budget: LogBudget;
  let bounds: StreamBounds;
  let totalBytes: number;

  beforeEach(() => {
    clock = new FakeClock();
    scanner = new InThreadScanner(clock);
    bounds = { keptMs: 3_600_000, keptBytes: 1e9 };
    totalBytes = 1e9;
    start(100 * MB);
  });
  afterEach(() => {
    view.dispose();
    scanner.dispose();
    assert.equal(spill.usedBytes, 0, 'nothing is left there');
  });
  trackLeaks();

  function start(diskBytes: number): void {
    spill = new MemorySpill(diskBytes);
    budget = new LogBudget(() => totalBytes, spill);
    view = new LogView({
      clock,
      scanner,
      budget,
      bounds: () => bounds,
      onListenerError: (error) => assert.fail(String(error)),
    });
  }
  function restart(diskBytes: number): void {
    view.dispose();
    start(diskBytes);
  }
  const add = (pod: string): ViewStream => view.addStream({ namespace: 'shop', pod, container: 'main' });
  /** Numbered lines of 1,000 bytes from the `from`th to before the `to`th, each a millisecond after the one before. */
  const write = (stream: ViewStream, from: number, to: number): void => {
    for (let first = from; first < to; first += 100) {
      const numbers = Array.from({ length: Math.min(100, to - first) }, (_, index) => first + index);
      stream.append(encode(numbers.map((n) => `${at(n)} ${textOf(n)}\n`).join('')));
    }
  };
  const textOf = (n: number): string => `line ${n} ${n % 10 === 0 ? 'ERROR ' : ''}${'x'.repeat(900)}`;
  const texts = async (place: LogPlace, count: number, filter?: LogFilter): Promise<string[]> =>
    (await view.readAll(place, count, filter)).rows.map(({ text }) => text);
  const settled = async (): Promise<void> => clock.advance(1_000);

  it('are read, searched and shown in their place', async () => {
    bounds = { ...bounds, keptBytes: 2 * MB };
    const stream = add('a');
    write(stream, 0, 10_000);
    await settled();
    assert.ok(view.heldBytes < 2.2 * MB, `${view.heldBytes} bytes are held`);
    assert.ok(view.spilledBytes > 7 * MB, `${view.spilledBytes} bytes are on the disk`);
    assert.deepEqual(view.letGo, { age: 0, stream: 0, total: 0 });
    assert.deepEqual(await texts(FIRST, 3), [textOf(0), textOf(1), textOf(2)]);
    assert.deepEqual(
      await texts({ type: 'time', time: at(5_000) }, 500),
      Array.from({ length: 500 }, (_, n) => textOf(5_000 + n)),
    );
    const filter: LogFilter = { include: [{ text: 'error', isRegex: true }] };
    view.read(FIRST, 1, filter);
    await settled();
    const { total, scan } = view.read(FIRST, 1, filter);
    assert.deepEqual([total, scan], [1_000, { lines: 10_000, of: 10_000 }]);
    assert.deepEqual(
      await texts(FIRST, 1_000, filter),
      Array.from({ length: 1_000 }, (_, n) => textOf(n * 10)),
    );
    const piece = await view.readLine({ stream: 0, line: 7 }, 5, 10);
    assert.deepEqual([piece.text, piece.bytes, piece.next], ['7 xxxxxxxx', textOf(7).length, 15]);
    const { marks } = await view.marks({ text: 'line' }, [
      { stream: 0, line: 3 },
      { stream: 0, line: 9_999 },
    ]);
    assert.deepEqual(marks, [
      [0, 4],
      [0, 4],
    ]);
    const reads = spill.reads;
    await texts({ type: 'end' }, 100);
    assert.equal(spill.reads, reads, 'the newest are in memory');
  });

  it('leave it for their age, too, and for the bytes of all logs together', async () => {
    bounds = { ...bounds, keptMs: 60_000 };
    const [a, b] = [add('a'), add('b')];
    write(a, 0, 10_000);
    write(b, 0, 200);
    await clock.advance(61_000);
    view.expire();
    await settled();
    const forAge = view.spilledBytes;
    assert.ok(forAge > 3 * MB, `${forAge} bytes are on the disk`);
    totalBytes = 2 * MB;
    budget.keep();
    await settled();
    assert.ok(budget.heldBytes <= 2 * MB, `${budget.heldBytes} bytes are held`);
    assert.ok(view.spilledBytes > forAge);
    assert.equal(view.read(FIRST, 0).total, 10_200);
    assert.deepEqual(view.letGo, { age: 0, stream: 0, total: 0 });
  });

  it('give way to others there, oldest first, and say so', async () => {
    restart(3 * MB);
    bounds = { ...bounds, keptBytes: 2 * MB };
    const stream = add('a');
    write(stream, 0, 10_000);
    await settled();
    assert.ok(spill.usedBytes <= 3 * MB, `${spill.usedBytes} bytes are there`);
    const { first } = stream.store;
    assert.ok(first > 4_000 && first < 6_000, `the first is ${first}`);
    assert.deepEqual(view.letGo, { age: 0, stream: 0, total: 0, disk: first });
    assert.deepEqual(await texts(FIRST, 1), [textOf(first)]);
    spill.maxBytes = 0;
    budget.keep();
    assert.equal(spill.usedBytes, 0, 'it is not wanted any more');
    write(stream, 10_000, 12_000);
    await settled();
    assert.ok(view.letGo.stream > 0, 'then they are let go as ever');
  });

  it('are let go where they cannot be written, and what is newer is held', async () => {
    bounds = { ...bounds, keptBytes: 2 * MB };
    spill.isFull = true;
    const stream = add('a');
    write(stream, 0, 10_000);
    await settled();
    const { first } = stream.store;
    assert.ok(first > 7_000 && first < 9_500, `the first is ${first}`);
    assert.equal(view.letGo.disk, first);
    assert.deepEqual((await texts(FIRST, 10_000)).length, 10_000 - first);
    assert.deepEqual(await texts(FIRST, 1), [textOf(first)]);
  });

  it('are let go where they cannot be read, which is told', async () => {
    bounds = { ...bounds, keptBytes: 2 * MB };
    const stream = add('a');
    write(stream, 0, 10_000);
    await settled();
    spill.isUnreadable = true;
    let changes = 0;
    const listening = view.onChanged(() => (changes += 1));
    const window = await view.readAll({ type: 'row', stream: 0, line: 100 }, 10);
    const { first } = stream.store;
    assert.ok(first > 100 && first < 8_000, `the first is ${first}`);
    assert.equal(view.letGo.disk, first);
    assert.ok(changes > 0);
    listening.dispose();
    assert.ok(window.rows.every(({ text, line }) => text === textOf(line)));
    const filter: LogFilter = { include: [{ text: 'ERROR' }] };
    view.read(FIRST, 1, filter);
    await settled();
    const { total, scan } = view.read(FIRST, 1, filter);
    assert.equal(scan?.lines, scan?.of);
    assert.equal(total, 1_000 - Math.ceil(stream.store.first / 10));
  });

  it('are read from memory until they are there', async () => {
    bounds = { ...bounds, keptBytes: 2 * MB };
    spill.isSlow = true;
    const stream = add('a');
    write(stream, 0, 10_000);
    await settled();
    assert.deepEqual(await texts(FIRST, 1), [textOf(0)]);
    assert.equal(spill.reads, 0);
    spill.finish();
    await settled();
    assert.deepEqual(await texts(FIRST, 1), [textOf(0)]);
    assert.equal(spill.reads, 1);
  });

  it('are not compared when a log is taken up again, and others are', async () => {
    bounds = { ...bounds, keptBytes: 1 };
    const stream = add('a');
    write(stream, 0, 3_000);
    view.expire();
    await settled();
    const { firstInMemory, next } = stream.store;
    assert.ok(firstInMemory > 2_000 && firstInMemory < next);
    const tail = heldTail(stream.store, new MergeOrder());
    assert.equal(tail?.times.length, next - firstInMemory);
  });

  it('are accounted for whatever the disk does', async () => {
    const step = fc.record({
      stream: fc.nat(1),
      lines: fc.integer({ min: 1, max: 400 }),
      isFull: fc.boolean(),
      isUnreadable: fc.integer({ min: 0, max: 5 }).map((chance) => chance === 0),
      isSlow: fc.boolean(),
      place: fc.nat(5_000),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { maxLength: 10, size: 'max' }),
        fc.constantFrom(300_000, MB, 50 * MB),
        async (steps, diskBytes) => {
          bounds = { ...bounds, keptBytes: 400_000 };
          restart(diskBytes);
          const streams = [add('a'), add('b')];
          const filter: LogFilter = { include: [{ text: 'ERROR' }] };
          const written = [0, 0];
          for (const { stream, lines, place, ...disk } of steps) {
            Object.assign(spill, disk);
            const from = written[stream] ?? 0;
            const to = (written[stream] = from + lines);
            const into = streams[stream];
            assert.ok(into);
            write(into, from, to);
            const reading = view.readAll({ type: 'position', position: place }, 50);
            view.read(FIRST, 1, filter);
            await clock.settle();
            assert.ok((await reading).rows.every(({ text, line }) => text === textOf(line)));
          }
          spill.finish();
          spill.isUnreadable = false;
          await settled();
          let held = 0;
          for (const { store } of streams) {
            const { age, stream, total, disk } = store.letGo;
            assert.equal(age + stream + total + disk, store.first);
            held += store.next - store.first;
          }
          assert.deepEqual(
            streams.map(({ store }) => store.next),
            written,
          );
          const { rows, total } = await view.readAll(FIRST, 20_000);
          assert.deepEqual([rows.length, total], [held, held]);
          assert.ok(rows.every(({ text, line }) => text === textOf(line)));
          view.read(FIRST, 1, filter);
          await settled();
          const found = await view.readAll(FIRST, 20_000, filter);
          assert.deepEqual(
            found.rows.map(({ stream, line }) => [stream, line]),
            rows.filter(({ line }) => line % 10 === 0).map(({ stream, line }) => [stream, line]),
          );
        },
      ),
      { numRuns: 20 },
    );
  });
});
