import assert from 'node:assert/strict';
import { useEffect, useState } from 'react';
import { DEFAULT_REALTIME_LIMITS } from '../../../../src/protocol/realtimeLimits';
import type { LogFilterOptions } from '../../../../webview/realtime/logFilter';
import { useRealtimeLogs } from '../../../../webview/realtime/useRealtimeLogs';
import { withHookBench } from '../hookBench';
import { hubEvent } from '../scriptedHost';

const target = { source: 's', namespace: 'n', pod: 'p' };

describe('useRealtimeLogs', () => {
  const bench = withHookBench();

  let setFilter: (filter: LogFilterOptions) => void = () => undefined;

  const useLogs = (): ReturnType<typeof useRealtimeLogs> => {
    const [filter, set] = useState<LogFilterOptions>({ text: 'cart' });
    useEffect(() => {
      setFilter = set;
    }, [set]);
    return useRealtimeLogs({ target, ...filter });
  };

  /** The streams that StrictMode has opened and closed again are not answered: the last is the one that counts. */
  async function open(...texts: readonly string[]): Promise<void> {
    await bench().answer('logs.open', { stream: '1' });
    await read(0, ...texts);
  }

  async function read(first: number, ...texts: readonly string[]): Promise<void> {
    const lines = texts.map((text, index) => ({
      seq: first + index,
      text,
      ...(text.startsWith('ERROR') ? { level: 'error' } : {}),
    }));
    const next = first + texts.length;
    await bench().answer('logs.read', { lines, first: 0, next, state: { type: 'following' } });
  }

  it('shows the lines that match, of those that are there and of those that come', async () => {
    const { current } = await bench().mount(useLogs);
    await open('GET /cart', 'GET /');
    assert.deepEqual(
      current().lines.map(({ seq }) => seq),
      [0],
    );
    await bench().frame(hubEvent('log.appended', { source: 's', stream: '1', first: 0, next: 4 }));
    await read(2, 'PUT /cart', 'GET /');
    assert.deepEqual(
      current().lines.map(({ seq }) => seq),
      [0, 2],
    );
    assert.equal(current().snapshot.lines.length, 4, 'the window itself is whole');
  });

  it('filters anew without asking anew', async () => {
    const { current } = await bench().mount(useLogs);
    await open('GET /cart', 'ERROR /');
    const asked = bench().host.requests().length;
    await bench().does(() => setFilter({ level: 'error' }));
    assert.deepEqual(
      current().lines.map(({ seq }) => seq),
      [1],
    );
    await bench().does(() => setFilter({ text: '[', isRegex: true }));
    assert.equal(current().problem?.code, 'badRequest');
    assert.equal(current().lines.length, 2);
    await bench().does(() => setFilter({}));
    assert.deepEqual([current().problem, current().lines.length], [undefined, 2]);
    assert.equal(bench().host.requests().length, asked);
  });

  it('holds as many lines as the limits allow, also when they change', async () => {
    const { current } = await bench().mount(useLogs);
    await open('cart', 'cart', 'cart');
    const limits = { ...DEFAULT_REALTIME_LIMITS, logLines: 2 };
    await bench().does(() => bench().host.deliver({ type: 'limits', limits }));
    assert.deepEqual(
      current().lines.map(({ seq }) => seq),
      [1, 2],
    );
  });

  it('leaves no stream behind, also one that is opened after it has gone', async () => {
    const { unmount } = await bench().mount(useLogs);
    const opened = bench().host.requests('logs.open');
    await unmount();
    await bench().does(() => {
      opened.forEach(({ id }, index) => bench().host.respond(id, { stream: `${index}` }));
    });
    assert.equal(bench().host.requests('logs.close').length, opened.length);
    assert.deepEqual(bench().wirePatterns(), []);
  });

  it('follows nothing where there is no target, and says that a source is gone', async () => {
    const none = await bench().mount(() => useRealtimeLogs({ target: undefined, text: 'a' }));
    assert.deepEqual([none.current().lines, bench().host.requests().length], [[], 0]);
    const { current } = await bench().mount(useLogs);
    await bench().refuse('logs.open', { code: 'notFound', detail: 's' });
    const { state } = current().snapshot;
    assert.equal(state.type === 'failed' && state.problem.code, 'notFound');
  });

  it('goes on after a second hello', async () => {
    const { current } = await bench().mount(useLogs);
    await open('cart');
    await bench().does(() => bench().host.hello());
    await bench().refuse('logs.read', { code: 'closed', detail: 'not open' });
    await bench().answer('logs.open', { stream: '2' });
    await read(0, 'cart', 'cart');
    assert.equal(current().lines.length, 2);
  });
});
