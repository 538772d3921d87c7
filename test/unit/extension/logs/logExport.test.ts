import assert from 'node:assert/strict';
import { exportedText, untilFiltered, type ExportTexts } from '../../../../src/extension/logs/logExport';
import type { LogReader } from '../../../../src/hub/requestHandlers';
import type { LogRow } from '../../../../src/protocol/podLog';
import type { LogScan } from '../../../../src/protocol/logView';
import { ProblemError } from '../../../../src/protocol/problem';
import { FakeClock } from '../../../support/fakeClock';

const TEXTS: ExportTexts = {
  gap: (from, until) => `gap ${from ?? '?'} ${until ?? '?'}`,
  restarted: 'restarted',
  letGo: 'let go',
};
const ZEROES = { age: 0, stream: 0, total: 0 };

/** Rows as a view has them: found by their name, or the next that is left. */
function readerOf(rows: () => readonly LogRow[], long = ''): LogReader {
  return {
    readView: ({ at, count }) => {
      const all = rows();
      const found = at.type === 'row' ? all.findIndex(({ line }) => line >= at.line) : 0;
      const position = found < 0 ? all.length : found;
      return {
        rows: all.slice(position, position + count),
        streams: [{ stream: 0, namespace: 'shop', pod: 'web-0', container: 'app' }],
        position,
        total: all.length,
        revision: 0,
        letGo: ZEROES,
      };
    },
    readLine: ({ from, limit }) => {
      const next = from + limit;
      return {
        text: long.slice(from, next),
        bytes: long.length,
        cutBytes: 0,
        ...(next < long.length ? { next } : {}),
      };
    },
  };
}

const lines = (from: number, until: number): LogRow[] =>
  Array.from({ length: until - from }, (_, index) => ({
    stream: 0,
    line: from + index,
    text: `line ${from + index}`,
  }));

async function textOf(reader: LogReader): Promise<string> {
  let all = '';
  for await (const { text } of exportedText(reader, { view: '1' }, TEXTS)) {
    all += text;
  }
  return all;
}

describe('an exported log', () => {
  it('has every row once, with whose it is, in pages', async () => {
    const text = await textOf(readerOf(() => lines(0, 5_001)));
    const all = text.split('\n');
    assert.equal(all.length, 5_002);
    assert.equal(all[0], 'web-0/app line 0');
    assert.equal(all[5_000], 'web-0/app line 5000');
    assert.equal(new Set(all).size, 5_002);
  });

  it('ends with the row that was the last when it began, however many come', async () => {
    let until = 3_000;
    const text = await textOf(readerOf(() => lines(0, (until += 3_000) - 3_000)));
    assert.equal(text.trimEnd().split('\n').length, 3_000);
  });

  it('says where rows were let go before they could be read, and repeats none', async () => {
    let reads = 0;
    const text = await textOf(readerOf(() => lines(reads++ === 0 ? 0 : 3_000, 6_000)));
    const all = text.trimEnd().split('\n');
    assert.equal(all[2_000], '--- let go ---');
    assert.equal(all[2_001], 'web-0/app line 3000');
    assert.equal(all.filter((line) => line.endsWith('line 3000')).length, 1);
  });

  it('has long lines whole, gaps in their place, and colours as they were written', async () => {
    const long = 'x'.repeat(3_000_000);
    const rows: LogRow[] = [
      { stream: 0, line: 0, text: '\u001b[31mred', time: '2026-01-01T00:00:00Z' },
      { stream: 0, line: 1, text: '', marker: { type: 'gap', from: 'a', until: 'b' } },
      { stream: 0, line: 2, text: 'x'.repeat(10), hiddenBytes: long.length - 10 },
    ];
    assert.equal(
      await textOf(readerOf(() => rows, long)),
      `2026-01-01T00:00:00Z web-0/app \u001b[31mred\n--- web-0/app gap a b ---\nweb-0/app ${long}\n`,
    );
  });

  it('says so where everything else was let go before it could be read', async () => {
    let reads = 0;
    const text = await textOf(readerOf(() => (reads++ === 0 ? lines(0, 3_000) : [])));
    const all = text.trimEnd().split('\n');
    assert.equal(all.length, 2_001);
    assert.equal(all.at(-1), '--- let go ---');
  });

  it('is nothing where there is nothing', async () => {
    assert.equal(await textOf(readerOf(() => [])), '');
  });
});

describe('an export of a filtered log', () => {
  const FILTER = { include: [{ text: 'x' }] };

  async function waited(scans: readonly (LogScan | undefined)[]) {
    const clock = new FakeClock();
    const left = [...scans];
    const shares: number[] = [];
    const reader = readerOf(() => []);
    const view = async (params: Parameters<LogReader['readView']>[0]) => {
      const scan = left.shift();
      return { ...(await reader.readView(params)), ...(scan === undefined ? {} : { scan }) };
    };
    const waiting = untilFiltered(
      { ...reader, readView: view },
      { view: '1', filter: FILTER },
      clock,
      new AbortController().signal,
      (share) => shares.push(share),
    );
    waiting.catch(() => undefined);
    for (const _ of scans) {
      await clock.advance(50);
    }
    await waiting;
    return { shares, left: left.length };
  }

  it('waits until every line was looked at', async () => {
    const of = 100;
    const { shares, left } = await waited([
      { lines: 0, of },
      { lines: 50, of },
      { lines: of, of },
      { lines: of, of },
    ]);
    assert.deepEqual(shares, [0, 0.5]);
    assert.equal(left, 1);
  });

  it('does not wait for ever for those that still come', async () => {
    const { left } = await waited([
      { lines: 0, of: 100 },
      { lines: 140, of: 150 },
      { lines: 190, of: 200 },
    ]);
    assert.equal(left, 1);
  });

  it('fails where the filter cannot look at all of them', async () => {
    const problem = { code: 'badRequest', detail: 'too slow' } as const;
    await assert.rejects(
      waited([{ lines: 0, of: 100, problem }]),
      (error) => error instanceof ProblemError && error.problem.detail === 'too slow',
    );
  });
});
