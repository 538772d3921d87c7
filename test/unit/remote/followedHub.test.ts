import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { systemClock } from '../../../src/base/clock';
import { DisposableStore } from '../../../src/base/disposable';
import { Emitter } from '../../../src/base/emitter';
import { nullLogger } from '../../../src/base/logger';
import { systemRandom } from '../../../src/base/random';
import type { SourceDefinition } from '../../../src/hub/source';
import { FollowedHub } from '../../../src/remote/followedHub';
import type { HubLinkOptions } from '../../../src/remote/hubLink';
import { tryHub } from '../../../src/remote/tryHub';
import { DEFAULT_CONNECTION_SETTINGS } from '../../../src/transport/connectionSettings';
import type { OpenSocket } from '../../../src/transport/web/socket';
import { listPods } from '../../../src/kube/listPods';
import { PlatformServer } from '../../support/platformServer';
import { ScriptedBody, scriptedKube } from '../kube/scriptedKube';
import { ScriptedCredentials } from '../transport/scriptedCredentials';
import { next, RemoteFixture } from './remoteFixture';

function rethrow(error: unknown): never {
  throw error;
}

/** Everything that is open goes, as where a proxy on the way knows no WebSockets. */
const blocked: OpenSocket = (url) => new WebSocket(url.replace('/api/v1/ws', '/blocked'));

function optionsFor(url: string, token?: string, openSocket?: OpenSocket): HubLinkOptions {
  return {
    url,
    label: 'the hub',
    clock: systemClock,
    random: systemRandom,
    logger: nullLogger,
    settings: { ...DEFAULT_CONNECTION_SETTINGS, initialBackoffMs: 20, maxBackoffMs: 50 },
    openSocket: openSocket ?? ((address) => new WebSocket(address)),
    fetch: (address, options) => fetch(address, options),
    credentials: new ScriptedCredentials(() => Promise.resolve(token === undefined ? undefined : { token })),
    onAwake: new Emitter<void>(rethrow).event,
  };
}

const { signal } = new AbortController();

/** Over real sockets. */
describe('Whatever is at the address of a hub', () => {
  const owned = new DisposableStore();
  let remote: RemoteFixture;
  let platform: PlatformServer;

  beforeEach(async () => {
    remote = await RemoteFixture.start('a');
    platform = await PlatformServer.start();
    platform.put('eu', { spec: {}, status: { phase: 'Ready' } });
    platform.put('us');
  });

  afterEach(async () => {
    owned.clear();
    await remote.end();
    await platform.stop();
  });

  it('is tried: a hub says how many clusters it has, a platform how many it tells of', async () => {
    const token = await remote.credentials.token();
    assert.deepEqual(await tryHub(optionsFor(remote.url, token?.token), signal), {
      ok: true,
      kind: 'hub',
      route: { type: 'webSocket' },
      count: 1,
    });
    assert.deepEqual(await tryHub(optionsFor(platform.url), signal), {
      ok: true,
      kind: 'platform',
      route: { type: 'webSocket' },
      count: 2,
    });
  });

  it('is tried by whatever gets through, and says so', async () => {
    const token = await remote.credentials.token();
    const trial = await tryHub(optionsFor(remote.url, token?.token, blocked), signal);
    assert.partialDeepStrictEqual(trial, { ok: true, kind: 'hub', route: { type: 'stream' }, count: 1 });
    assert.ok(trial.ok && trial.route.problem !== undefined);
  });

  it('is refused where the token is, and no hub where it is neither', async () => {
    const refused = await tryHub(optionsFor(remote.url, 'a-token-that-nobody-knows-0000000000'), signal);
    assert.partialDeepStrictEqual(refused, { ok: false, problem: { code: 'unauthorized' } });
    const other = createServer((_, response) => response.end('<html>Welcome</html>'));
    other.listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    assert.ok(address !== null && typeof address === 'object');
    const trial = await tryHub(optionsFor(`http://127.0.0.1:${address.port}`), signal);
    other.close();
    assert.ok(!trial.ok, JSON.stringify(trial));
  });

  for (const route of ['stream', 'polling'] as const) {
    it(`is followed by ${route} where nothing better gets through, with its pods and logs`, async () => {
      const token = await remote.credentials.token();
      const options = optionsFor(remote.url, token?.token, blocked);
      const onlyAsking: HubLinkOptions['fetch'] = (address, how) =>
        address.includes('/api/v1/stream') ? Promise.reject(new Error('blocked')) : fetch(address, how);
      const hub = owned.add(
        new FollowedHub({ ...options, ...(route === 'polling' ? { fetch: onlyAsking } : {}) }),
      );
      const sources = next(hub.onSourcesChanged, (definitions) => definitions.length > 0);
      hub.start();
      const [definition] = await sources;
      assert.ok(definition !== undefined);
      const source = remote.local.addSource(definition);
      const live = next(source.onStateChanged, ({ type }) => type === 'live');
      source.connect();
      await live;
      assert.deepEqual(
        [...source.rows()].map(({ name }) => name),
        ['a'],
      );
      assert.equal(source.status().route?.type, route);
      const log = new ScriptedBody();
      const pods = JSON.stringify({ metadata: {}, items: [{ metadata: { name: 'cart' } }] });
      const refusal = { status: 403, body: '{"kind":"Status"}', headers: { 'retry-after': '7' } };
      remote.beside.fetch = scriptedKube(pods, log, refusal).fetch;
      assert.deepEqual(
        (await listPods(source.fetch(), 'shop', signal)).map(({ name }) => name),
        ['cart'],
      );
      const path = '/api/v1/namespaces/shop/pods/cart/log?follow=true';
      const { status, body } = await source.fetch()(path);
      assert.equal(status, 200);
      const pieces: string[] = [];
      log.write('one\n');
      for await (const piece of body) {
        pieces.push(new TextDecoder().decode(piece));
        if (pieces.length === 1) {
          log.write('two\n').end();
        }
      }
      assert.equal(pieces.join(''), 'one\ntwo\n');
      const refused = await source.fetch()(path);
      assert.equal(refused.status, 403);
      assert.equal(refused.header('Retry-After'), '7');
      await assert.rejects(source.fetch()('/api/v1/namespaces/shop/secrets'), /forbidden/);
      remote.local.removeSource(definition.id);
    }).timeout(20_000);
  }

  it('is followed as what it is then, where a platform was replaced by a hub', async () => {
    await remote.stopServer();
    const { port } = new URL(remote.url);
    await platform.stop();
    platform = await PlatformServer.start(Number(port));
    platform.put('eu');
    const token = await remote.credentials.token();
    const hub = owned.add(new FollowedHub(optionsFor(remote.url, token?.token)));
    const told: (readonly SourceDefinition[])[] = [];
    owned.add(hub.onSourcesChanged((definitions) => told.push(definitions)));
    hub.start();
    await next(hub.onStateChanged, ({ type }) => type === 'open');
    assert.equal(hub.kind, 'platform');
    assert.deepEqual(
      told.at(-1)?.map(({ label }) => label),
      ['platform'],
    );
    await platform.stop();
    await remote.startServer();
    await next(hub.onStateChanged, ({ type }) => type === 'open');
    assert.equal(hub.kind, 'hub');
    await next(hub.onSourcesChanged, () => true);
    assert.deepEqual(
      told.at(-1)?.map(({ label }) => label),
      ['prod-eu'],
    );
    platform = await PlatformServer.start();
  }).timeout(20_000);
});
