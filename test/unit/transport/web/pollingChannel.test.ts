import assert from 'node:assert/strict';
import { nullLogger } from '../../../../src/base/logger';
import { HubClient } from '../../../../src/client/hubClient';
import { ProblemError } from '../../../../src/protocol/problem';
import { PollingChannel } from '../../../../src/transport/web/pollingChannel';
import { FakeClock } from '../../../support/fakeClock';
import { trackLeaks } from '../../../support/leakTracker';
import { json, never, ScriptedHttp, text } from '../scriptedHttp';

function rethrow(error: unknown): never {
  throw error;
}

const POLL_MS = 30_000;

async function open() {
  const server = new ScriptedHttp();
  server.answer = () => json({ sources: [] });
  const clock = new FakeClock();
  const channel = new PollingChannel({
    baseUrl: 'https://hub.example',
    fetch: server.fetch,
    clock,
    logger: nullLogger,
    pollMs: POLL_MS,
  });
  assert.equal(channel.isOpen, false);
  await clock.settle();
  assert.equal(channel.isOpen, true);
  server.takePaths();
  const client = new HubClient(channel, clock, rethrow);
  client.connect();
  await clock.settle();
  return { server, clock, channel, client };
}

describe('PollingChannel', () => {
  trackLeaks();

  it('has a client ask for everything again, as often as it polls', async () => {
    const { server, clock, client } = await open();
    let recovered = 0;
    const listening = client.onRecovered(() => (recovered += 1));
    assert.equal(client.state.type, 'open');
    await clock.advance(POLL_MS - 1);
    assert.equal(recovered, 0);
    await clock.advance(1);
    assert.deepEqual([recovered, server.takePaths()], [1, ['/api/v1/sources']]);
    await clock.advance(POLL_MS * 3);
    assert.equal(recovered, 4);
    listening.dispose();
    client.dispose();
    assert.equal(clock.pendingTimers, 0);
  });

  it('puts to the hub what that answers over HTTP, whatever the names', async () => {
    const { server, client } = await open();
    const rows = { rows: [], removed: [], version: 'v', reset: true };
    server.answer = (path) =>
      json(path.endsWith('clusters.get') ? { object: { metadata: { name: 'n' } }, version: 'v' } : rows);
    await client.request('clusters.list', {});
    await client.request('clusters.list', { source: 'a&b', since: '1 2' });
    await client.request('clusters.get', { source: 'a/b', name: '__proto__' });
    assert.deepEqual(
      server.requests
        .splice(0)
        .map(({ url, options: { method, body } }) => [new URL(url).pathname, method, body]),
      [
        ['/api/v1/requests/clusters.list', 'POST', '{}'],
        ['/api/v1/requests/clusters.list', 'POST', '{"source":"a&b","since":"1 2"}'],
        ['/api/v1/requests/clusters.get', 'POST', '{"source":"a/b","name":"__proto__"}'],
      ],
    );
    client.dispose();
  });

  it('passes on what the hub refuses', async () => {
    const { server, client } = await open();
    const codeOf = async (asked: Promise<unknown>): Promise<string> => {
      try {
        await asked;
        return 'answered';
      } catch (error) {
        return error instanceof ProblemError ? error.problem.code : String(error);
      }
    };
    server.answer = () => json({ detail: 'gone', code: 'notFound' }, 404);
    assert.equal(await codeOf(client.request('clusters.get', { source: 's', name: 'a' })), 'notFound');
    server.answer = () => text('<html>');
    assert.equal(await codeOf(client.request('clusters.get', { source: 's', name: 'a' })), 'malformed');
    client.dispose();
  });

  it('withdraws what its client gives up, and everything when it ends', async () => {
    const { server, clock, client } = await open();
    server.answer = never;
    const abort = new AbortController();
    const given = client.request('sources.list', {}, abort.signal);
    const other = client.request('sources.list', {});
    await clock.settle();
    abort.abort(new Error('enough'));
    await assert.rejects(given, /enough/);
    assert.deepEqual(
      server.requests.map(({ options }) => options.signal.aborted),
      [true, false],
    );
    client.dispose();
    await assert.rejects(other, /closed/);
    await clock.settle();
    assert.equal(server.requests[1]?.options.signal.aborted, true);
    assert.equal(clock.pendingTimers, 0);
  });

  it('ends when a poll fails, says why, and polls at once when it is doubted', async () => {
    const { server, clock, channel, client } = await open();
    server.answer = () => text('no', 401);
    channel.doubt();
    channel.doubt();
    await clock.settle();
    assert.deepEqual([channel.closeReason?.kind, server.takePaths()], ['unauthorized', ['/api/v1/sources']]);
    assert.equal(client.state.type, 'closed');
    client.dispose();
    assert.equal(clock.pendingTimers, 0);
  });
});
