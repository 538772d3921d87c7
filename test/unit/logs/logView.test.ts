import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { InThreadScanner } from '../../../src/logs/chunkScanner';
import { LogBudget } from '../../../src/logs/logBudget';
import { LogView, type ViewStream } from '../../../src/logs/logView';
import type { LogFilter, LogPlace } from '../../../src/protocol/logView';
import { FakeClock } from '../../support/fakeClock';
import { trackLeaks } from '../../support/leakTracker';
import { at, encode } from './heldText';

const END: LogPlace = { type: 'end' };

describe('a view of logs', () => {
  let clock: FakeClock;
  let view: LogView;
  let scanner: InThreadScanner;
  let bounds = { keptMs: 3_600_000, keptBytes: 1e9 };
  let totalBytes = 1e9;

  beforeEach(() => {
    clock = new FakeClock();
    bounds = { keptMs: 3_600_000, keptBytes: 1e9 };
    totalBytes = 1e9;
    scanner = new InThreadScanner(clock);
    view = new LogView({
      clock,
      scanner,
      budget: new LogBudget(() => totalBytes),
      bounds: () => bounds,
      onListenerError: (error) => assert.fail(String(error)),
    });
  });

  afterEach(() => {
    view.dispose();
    scanner.dispose();
  });
  trackLeaks();

  const add = (pod: string, container = 'main'): ViewStream =>
    view.addStream({ namespace: 'shop', pod, container });
  const write = (stream: ViewStream, ...lines: readonly (readonly [number, string])[]): void =>
    stream.append(encode(lines.map(([ms, text]) => `${at(ms)} ${text}\n`).join('')));
  const texts = (place: LogPlace, count = 100, filter?: LogFilter): string[] =>
    view.read(place, count, filter).rows.map(({ text, marker }) => marker?.type ?? text);
  /** Until every filter has seen every line. */
  const settled = async (): Promise<void> => clock.advance(1_000);

  it('merges streams by time, and puts what comes late where it belongs', () => {
    const a = add('a');
    const b = add('b');
    write(a, [1, 'a1'], [5, 'a5']);
    const before = view.read(END, 10).revision;
    write(b, [9, 'b9']);
    assert.equal(view.read(END, 10).revision, before);
    write(a, [7, 'a7'], [10, 'a10']);
    assert.notEqual(view.read(END, 10).revision, before);
    assert.deepEqual(texts({ type: 'position', position: 0 }), ['a1', 'a5', 'a7', 'b9', 'a10']);
    const window = view.read({ type: 'position', position: 2 }, 2);
    assert.deepEqual(window.rows, [
      { stream: 0, line: 2, time: at(7), text: 'a7' },
      { stream: 1, line: 0, time: at(9), text: 'b9' },
    ]);
    assert.deepEqual(window.streams, [
      { stream: 0, namespace: 'shop', pod: 'a', container: 'main' },
      { stream: 1, namespace: 'shop', pod: 'b', container: 'main' },
    ]);
    assert.equal(window.total, 5);
  });

  it('keeps three filters and a search in all of them up to date at once', async () => {
    const pods = ['a', 'b', 'c'];
    for (const pod of pods) {
      write(add(pod), [1, `${pod} is well`], [2, `${pod} failed`]);
    }
    write(add('d'), [3, 'd failed']);
    const look = (): number => {
      for (const pod of pods) {
        view.read(END, 10, { pods: [pod] });
      }
      return view.find({ text: 'failed' }, { pods }).count;
    };
    look();
    await settled();
    assert.equal(look(), 3);
    // Not looked for anew.
    assert.equal(look(), 3);
  });

  it('reads from a position, a row, a time, or the end', () => {
    const a = add('a');
    write(a, ...Array.from({ length: 50 }, (_, index): [number, string] => [index * 10, `l${index}`]));
    assert.deepEqual(texts({ type: 'position', position: 48 }), ['l48', 'l49']);
    assert.deepEqual(texts({ type: 'position', position: 60 }), []);
    assert.deepEqual(texts(END, 2), ['l48', 'l49']);
    assert.deepEqual(texts({ type: 'row', stream: 0, line: 10, offset: -2 }, 3), ['l8', 'l9', 'l10']);
    assert.deepEqual(texts({ type: 'row', stream: 0, line: 10, offset: -20 }, 1), ['l0']);
    assert.deepEqual(texts({ type: 'row', stream: 7, line: 10 }, 1), ['l0']);
    assert.deepEqual(texts({ type: 'time', time: at(205) }, 1), ['l21']);
    assert.deepEqual(texts({ type: 'time', time: '2026-01-01T00:00:00Z' }, 1), ['l0']);
  });

  it('filters by text, level, pod and container, and goes on as lines come', async () => {
    const a = add('a');
    const b = add('b', 'side');
    write(a, [1, 'ERROR one'], [2, 'INFO two'], [3, 'WARN three']);
    write(b, [2, 'ERROR one too']);
    const level: LogFilter = { level: 'warning' };
    const one: LogFilter = { include: [{ text: 'one' }], exclude: [{ text: 'too' }] };
    const pod: LogFilter = { pods: ['b'] };
    const side: LogFilter = { containers: ['main'], include: [{ text: '^\\w+ t', isRegex: true }] };
    const all = (): string[][] => [level, one, pod, side].map((filter) => texts(END, 100, filter));
    all();
    await settled();
    assert.deepEqual(all(), [
      ['ERROR one', 'ERROR one too', 'WARN three'],
      ['ERROR one'],
      ['ERROR one too'],
      ['INFO two', 'WARN three'],
    ]);
    write(a, [4, 'ERROR one more'], [5, 'DEBUG ten']);
    write(b, [5, 'last']);
    await settled();
    assert.deepEqual(all(), [
      ['ERROR one', 'ERROR one too', 'WARN three', 'ERROR one more'],
      ['ERROR one', 'ERROR one more'],
      ['ERROR one too', 'last'],
      ['INFO two', 'WARN three', 'DEBUG ten'],
    ]);
    assert.deepEqual(view.read(END, 1, one).scan, { lines: 7, of: 7 });
  });

  it('shows markers whatever is filtered, and finds none', async () => {
    const a = add('a');
    write(a, [1, 'x']);
    a.mark({ type: 'gap', from: at(1) });
    write(a, [9, 'y']);
    const filter: LogFilter = { level: 'error' };
    texts(END, 10, filter);
    view.find({ text: '', isRegex: true });
    await settled();
    assert.deepEqual(texts(END, 10, filter), ['gap']);
    assert.deepEqual(texts(END, 10), ['x', 'gap', 'y']);
    assert.equal(view.find({ text: '', isRegex: true }).count, 2);
  });

  it('counts matches and tells the next and the one before, among what is filtered', async () => {
    const a = add('a');
    write(
      a,
      ...Array.from({ length: 30 }, (_, index): [number, string] => [
        index,
        index % 3 === 0 ? 'hit' : 'miss',
      ]),
    );
    const find = { text: 'hit' };
    view.find(find);
    await settled();
    const hit = (line: number, index: number) => ({ index, stream: 0, line, position: line });
    assert.deepEqual(view.find(find), { count: 10, match: hit(0, 0), scan: { lines: 30, of: 30 } });
    assert.deepEqual(view.find(find, {}, { stream: 0, line: 3 }).match, hit(6, 2));
    assert.deepEqual(view.find(find, {}, { stream: 0, line: 4 }).match, hit(6, 2));
    assert.deepEqual(view.find(find, {}, { stream: 0, line: 3 }, 'previous').match, hit(0, 0));
    assert.equal(view.find(find, {}, { stream: 0, line: 0 }, 'previous').match, undefined);
    assert.deepEqual(view.find(find, {}, undefined, 'previous').match, hit(27, 9));
    const filter: LogFilter = { exclude: [{ text: 'miss' }] };
    view.find(find, filter);
    await settled();
    assert.deepEqual(view.find(find, filter, { stream: 0, line: 3 }).match, {
      index: 2,
      stream: 0,
      line: 6,
      position: 2,
    });
  });

  it('tells of an expression that is none', () => {
    assert.throws(
      () => view.read(END, 1, { include: [{ text: '(', isRegex: true }] }),
      /^ProblemError: badRequest/,
    );
  });

  it('tells which bound was reached, and keeps filters right', async () => {
    const a = add('a');
    const b = add('b');
    const filter: LogFilter = { include: [{ text: 'even' }] };
    texts(END, 1, filter);
    bounds = { ...bounds, keptBytes: 1_000_000 };
    write(b, [0, 'quiet even']);
    for (let lot = 0; lot < 100; lot += 1) {
      write(
        a,
        ...Array.from({ length: 500 }, (_, index): [number, string] => {
          const n = lot * 500 + index;
          return [n, `${n} ${n % 2 === 0 ? 'even' : 'odd'} ${'x'.repeat(50)}`];
        }),
      );
      await clock.advance(10);
    }
    await settled();
    const { letGo, total } = view.read(END, 1);
    assert.ok(letGo.stream > 0);
    assert.deepEqual({ ...letGo, stream: 0 }, { age: 0, stream: 0, total: 0 });
    assert.equal(total, 50_001 - letGo.stream);
    assert.equal(texts({ type: 'position', position: 0 }, 1)[0], 'quiet even');
    const even = view.read({ type: 'position', position: 0 }, 2_000, filter);
    assert.equal(even.total, 1 + Math.floor((50_000 - letGo.stream) / 2));
    assert.ok(even.rows.every(({ text }) => text.includes('even')));
    // A row that is gone is stood in for by the oldest that is held.
    assert.ok(texts({ type: 'row', stream: 0, line: 0 }, 1)[0]?.startsWith(`${letGo.stream} `));
    totalBytes = 100_000;
    write(b, [60_000, 'last']);
    assert.ok(view.heldBytes < 700_000, `${view.heldBytes} bytes are held`);
    assert.ok(view.letGo.total > 0);
  });

  it('shows the beginning of a long line, and the rest of it when asked', async () => {
    const a = add('a');
    const text = 'é'.repeat(10_000);
    write(a, [0, text]);
    const [row] = view.read(END, 1).rows;
    assert.equal(row?.text, 'é'.repeat(4_096));
    assert.equal(row?.hiddenBytes, 20_000 - 8_192);
    let whole = '';
    for (let from: number | undefined = 0; from !== undefined;) {
      const piece = await view.readLine({ stream: 0, line: 0 }, from, 4_097);
      assert.equal(piece.bytes, 20_000);
      whole += piece.text;
      from = piece.next;
    }
    assert.equal(whole, text);
    await assert.rejects(view.readLine({ stream: 0, line: 1 }, 0, 1), /^ProblemError: notFound/);
  });

  it('agrees with sorting and filtering anew, whatever comes and goes', async () => {
    const line = fc.tuple(fc.nat(2), fc.nat(50), fc.constantFrom('ERROR a', 'INFO b', 'a b', 'c'));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(line, { maxLength: 15 }), { maxLength: 15 }),
        fc.boolean(),
        async (lots, isBound) => {
          bounds = { keptMs: 3_600_000, keptBytes: isBound ? 8_000 : 1e9 };
          view.dispose();
          view = new LogView({
            clock,
            scanner,
            budget: new LogBudget(() => 1e9),
            bounds: () => bounds,
            onListenerError: (error) => assert.fail(String(error)),
          });
          const streams = [add('a'), add('b'), add('c')];
          const filter: LogFilter = { include: [{ text: 'a' }], level: 'info' };
          const latest = [0, 0, 0];
          const written: { stream: number; ms: number; text: string }[] = [];
          for (const lot of lots) {
            for (const [index, step, text] of lot) {
              const stream = streams[index];
              assert.ok(stream);
              const ms = (latest[index] = (latest[index] ?? 0) + step);
              written.push({ stream: index, ms, text });
              write(stream, [ms, isBound ? `${text} ${'x'.repeat(900)}` : text]);
            }
            view.read(END, 10, filter);
            await clock.settle();
          }
          view.read(END, 10, filter);
          await settled();
          const counts = [0, 0, 0];
          const expected = written
            .map((each) => ({ ...each, line: (counts[each.stream] = (counts[each.stream] ?? 0) + 1) - 1 }))
            .filter(({ stream, line: number }) => number >= (streams[stream]?.store.first ?? 0))
            .sort((a, b) => a.ms - b.ms || a.stream - b.stream || a.line - b.line);
          const row = ({ stream, line: number }: { stream: number; line: number }): string =>
            `${stream}/${number}`;
          const place: LogPlace = { type: 'position', position: 0 };
          assert.deepEqual(view.read(place, 1_000).rows.map(row), expected.map(row));
          assert.deepEqual(
            view.read(place, 1_000, filter).rows.map(row),
            expected.filter(({ text }) => text === 'ERROR a').map(row),
          );
        },
      ),
      { numRuns: 60 },
    );
  });
});
