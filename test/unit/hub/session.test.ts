import assert from 'node:assert/strict';
import { DEFAULT_REALTIME_LIMITS } from '../../../src/protocol/realtimeLimits';
import { PROTOCOL_VERSION, type View } from '../../../src/protocol/messages';
import { clusterTopic, connectionTopic } from '../../../src/protocol/topics';
import { FaultServer } from '../../support/faultServer/faultServer';
import { trackLeaks } from '../../support/leakTracker';
import { alertEvent } from './flow/flowEvents';
import { withHub, type HubFixture } from './hubFixture';
import { RawClient } from './rawClient';

const VIEW: View = { type: 'detail', source: 's', name: 'a' };
/** Everything of the source `s`. */
const ALL = ['cluster.s.**', connectionTopic('s')];

function serve(fixture: HubFixture, view: View = VIEW) {
  const { session, client } = fixture.serve(view);
  return { session, client: fixture.owned.add(new RawClient(client)) };
}

/** A client that has been greeted and hears of everything. */
async function greeted(fixture: HubFixture) {
  const served = serve(fixture);
  served.client.ready(...ALL);
  await fixture.clock.advance(2_000);
  served.client.take();
  return served;
}

/** A container of the demo cluster, as `logs.open` wants it. */
async function firstContainer({ clock }: HubFixture, client: RawClient) {
  const list = client.request('pods.list', { source: 's', namespace: 'argocd' });
  await clock.advance(100);
  const [pod] = client.resultOf(list, 'pods.list').pods;
  return { source: 's', namespace: 'argocd', pod: pod?.name, container: pod?.containers[0] };
}

describe('a session', () => {
  trackLeaks();

  it(
    'sends nothing before its client is ready, whatever is asked or happens',
    withHub(async (fixture) => {
      const { session, client } = serve(fixture);
      let isRun = false;
      fixture.runCommand = () => {
        isRun = true;
        return Promise.resolve();
      };
      client.request('sources.list');
      client.request('command.run', { command: { type: 'showLog' } });
      client.send({ type: 'nonsense' });
      client.send({ type: 'subscribe', id: 1, patterns: ['**'] });
      const { server } = await fixture.liveServer('a');
      session.setVisible(false);
      session.setVisible(true);
      server.put('b');
      await fixture.clock.advance(5_000);
      assert.deepEqual(client.take(), []);
      assert.equal(isRun, false);

      client.ready();
      server.put('c');
      await fixture.clock.advance(100);
      // What came before counted for nothing: there is no subscription.
      assert.deepEqual(client.take(), [
        {
          type: 'hello',
          version: PROTOCOL_VERSION,
          view: VIEW,
          limits: DEFAULT_REALTIME_LIMITS,
          language: 'en',
          texts: {},
        },
      ]);
    }),
  );

  it(
    'starts anew with a client that does: its requests and subscriptions are void',
    withHub(async (fixture) => {
      const { server } = await fixture.liveServer('a');
      const { client } = await greeted(fixture);
      const running: { readonly signal: AbortSignal; finish(): void }[] = [];
      fixture.runCommand = (_, signal) =>
        new Promise((resolve) => {
          running.push({ signal, finish: resolve });
        });
      const request = {
        type: 'request',
        id: 7,
        method: 'command.run',
        params: { command: { type: 'showLog' } },
      };
      client.send(request);
      await fixture.clock.settle();
      client.ready();
      await fixture.clock.settle();
      assert.equal(running[0]?.signal.aborted, true);
      // The numbers begin anew too.
      client.send(request);
      await fixture.clock.settle();
      running[0]?.finish();
      server.put('b');
      await fixture.clock.advance(2_000);
      assert.deepEqual(
        client.take().map(({ type }) => type),
        ['hello'],
      );
      running[1]?.finish();
      await fixture.clock.settle();
      assert.deepEqual(client.take(), [{ type: 'response', id: 7, result: {} }]);
      client.send({ type: 'subscribe', id: 1, patterns: ALL });
      server.put('c');
      await fixture.clock.advance(100);
      assert.equal(client.takeFrames().length, 1);
    }),
  );

  it(
    'closes the logs of a client that starts anew',
    withHub(async (fixture) => {
      await fixture.goLive(fixture.addDemo('s'));
      const { client } = await greeted(fixture);
      const before = fixture.demos[0]?.openBodyCount ?? assert.fail();
      client.request('logs.open', await firstContainer(fixture, client));
      await fixture.clock.advance(1_000);
      assert.equal(fixture.demos[0]?.openBodyCount, before + 1);
      client.ready();
      await fixture.clock.settle();
      assert.equal(fixture.demos[0]?.openBodyCount, before);
    }),
  );

  it(
    'answers what it does not understand with a typed error',
    withHub(async (fixture) => {
      const { client } = await greeted(fixture);
      client.send({ type: 'telepathy' });
      client.send({ type: 'cancel', id: -1 });
      client.send(null);
      await fixture.clock.settle();
      assert.deepEqual(
        client
          .take()
          .map((message) => (message.type === 'error' ? [message.problem.code, message.id] : message)),
        [
          ['unknownMessage', undefined],
          ['badRequest', undefined],
          ['badRequest', undefined],
        ],
      );
      const ids = [
        client.request('clusters.explode'),
        client.request('toString'),
        client.request('clusters.get', { source: 's' }),
        client.request('clusters.list', { since: 7 }),
        client.request('clusters.get', { source: 's', name: 'a' }),
      ];
      await fixture.clock.settle();
      assert.deepEqual(
        ids.map((id) => client.problemOf(id)),
        ['unknownMessage', 'unknownMessage', 'badRequest', 'badRequest', 'closed'],
      );
    }),
  );

  it(
    'refuses a request under an id that is still being answered',
    withHub(async (fixture) => {
      const { client } = await greeted(fixture);
      let finish = (): void => {};
      fixture.runCommand = () =>
        new Promise((resolve) => {
          finish = resolve;
        });
      const id = client.request('command.run', { command: { type: 'showLog' } });
      client.send({ type: 'request', id, method: 'sources.list', params: {} });
      await fixture.clock.settle();
      assert.equal(client.problemOf(id), 'badRequest');
      client.take();
      finish();
      await fixture.clock.settle();
      assert.deepEqual(client.take(), [{ type: 'response', id, result: {} }]);
      client.send({ type: 'request', id, method: 'sources.list', params: {} });
      await fixture.clock.settle();
      assert.deepEqual(client.take(), [
        { type: 'response', id, result: { hub: fixture.hub.instance, sources: [] } },
      ]);
    }),
  );

  it(
    'tells whoever works on a request that it was withdrawn',
    withHub(async (fixture) => {
      const { client } = await greeted(fixture);
      const signals: AbortSignal[] = [];
      fixture.runCommand = (_, signal) => {
        signals.push(signal);
        return new Promise(() => {});
      };
      const id = client.request('command.run', { command: { type: 'showLog' } });
      client.request('command.run', { command: { type: 'showLog' } });
      await fixture.clock.settle();
      client.cancel(id);
      client.cancel(99);
      await fixture.clock.settle();
      assert.deepEqual(
        signals.map(({ aborted }) => aborted),
        [true, false],
      );
    }),
  );

  it(
    'gathers what happens at once into one frame, one notification a topic, without any object',
    withHub(async (fixture) => {
      const { server } = await fixture.liveServer('a', 'b');
      const { client } = await greeted(fixture);
      for (let version = 0; version < 5; version += 1) {
        server.put('a', { spec: { name: `secret ${version}` } });
      }
      server.delete('b');
      server.put('c', { spec: { name: 'secret' } });
      server.put('c', { spec: { name: 'secret' } });
      await fixture.clock.advance(100);
      const frames = client.takeFrames();
      assert.equal(frames.length, 1);
      const told = (frames[0] ?? []).filter(({ type }) => type !== 'connection.state');
      assert.deepEqual(
        told.map(({ type, topic, data }) => [type, topic, data]),
        [
          ['cluster.updated', clusterTopic('s', 'a'), { source: 's', name: 'a' }],
          ['cluster.deleted', clusterTopic('s', 'b'), { source: 's', name: 'b' }],
          ['cluster.added', clusterTopic('s', 'c'), { source: 's', name: 'c' }],
        ],
      );
      assert.ok(!JSON.stringify(frames).includes('secret'));
    }),
  );

  it(
    'notifies of what was subscribed to, until it is unsubscribed',
    withHub(async (fixture) => {
      const { server } = await fixture.liveServer('a', 'b');
      const { client } = serve(fixture);
      client.ready(clusterTopic('s', 'a'));
      client.send({ type: 'subscribe', id: 2, patterns: [clusterTopic('s', 'a'), clusterTopic('s', 'b')] });
      await fixture.clock.settle();
      const toldOf = async (): Promise<string[]> => {
        client.take();
        server.put('a');
        server.put('b');
        server.put('d');
        await fixture.clock.advance(1_000);
        return client.takeFrames().flatMap((frame) => frame.map(({ topic }) => topic));
      };
      assert.deepEqual(await toldOf(), [clusterTopic('s', 'a'), clusterTopic('s', 'b')]);
      client.send({ type: 'unsubscribe', id: 2 });
      assert.deepEqual(await toldOf(), [clusterTopic('s', 'a')]);
      client.send({ type: 'unsubscribe', id: 1 });
      assert.deepEqual(await toldOf(), []);
    }),
  );

  it(
    'notifies a hidden client of nothing, and tells it what it missed when it is shown, one event a topic',
    withHub(async (fixture) => {
      const { server } = await fixture.liveServer('a', 'b');
      const { session, client } = await greeted(fixture);
      server.put('a');
      await fixture.clock.settle();
      client.take();
      server.put('b');
      // It waits: the frame was not sent yet.
      session.setVisible(false);
      session.setVisible(false);
      for (let second = 0; second < 30; second += 1) {
        server.put('a');
        server.put(`passing ${second}`);
        server.delete(`passing ${second}`);
        await fixture.clock.advance(1_000);
      }
      assert.deepEqual(client.take(), [{ type: 'visibility', isVisible: false }]);
      session.setVisible(true);
      session.setVisible(true);
      await fixture.clock.advance(10);
      const [visible, frame, recovered, ...others] = client.take();
      assert.deepEqual(visible, { type: 'visibility', isVisible: true });
      assert.ok(frame?.type === 'events');
      const told = frame.events.map(({ type, data }) => `${type} ${'name' in data ? data.name : ''}`);
      assert.deepEqual(
        told.sort(),
        [
          'cluster.updated b',
          'cluster.updated a',
          'connection.state ',
          ...Array.from({ length: 30 }, (_, second) => `cluster.deleted passing ${second}`),
        ].sort(),
      );
      assert.deepEqual([recovered, others], [{ type: 'recovered', ok: true }, []]);
      server.put('a');
      await fixture.clock.advance(1_000);
      assert.equal(
        client
          .takeFrames()
          .flat()
          .filter(({ type }) => type === 'cluster.updated').length,
        1,
      );
    }),
  );

  it(
    'tells a client that is greeted while it is hidden that it is',
    withHub(async (fixture) => {
      const { session, client } = serve(fixture);
      session.setVisible(false);
      client.ready();
      await fixture.clock.settle();
      assert.deepEqual(client.take().at(-1), { type: 'visibility', isVisible: false });
    }),
  );

  it(
    'tells a client that is shown to ask anew where it is not known what it missed',
    withHub(async (fixture) => {
      const { server } = await fixture.liveServer('a');
      const { session, client } = await greeted(fixture);
      session.setVisible(false);
      for (let n = 0; n < 4_000; n += 1) {
        server.put(`passing ${n}`);
        server.delete(`passing ${n}`);
      }
      await fixture.clock.advance(1_000);
      session.setVisible(true);
      await fixture.clock.settle();
      assert.deepEqual(client.take(), [
        { type: 'visibility', isVisible: false },
        { type: 'visibility', isVisible: true },
        { type: 'recovered', ok: false, reset: true },
      ]);
    }),
  );

  it(
    'tells a message that several subscriptions missed once',
    withHub(async (fixture) => {
      const { session, client } = await greeted(fixture);
      for (const [id, pattern] of ['alert.s.*', 'alert.*.*', 'alert.s.f'].entries()) {
        client.send({ type: 'subscribe', id, patterns: [pattern], ...(id === 2 && { priority: 'high' }) });
      }
      await fixture.clock.settle();
      session.setVisible(false);
      fixture.hub.publish(alertEvent('f', { priority: 'high' }));
      session.setVisible(true);
      await fixture.clock.advance(10);
      assert.equal(client.takeFrames().flat().length, 1);
    }),
  );

  it(
    'bounds what one client has: subscriptions, and requests under way',
    withHub(async (fixture) => {
      const { client } = await greeted(fixture);
      for (let id = 0; id <= 256; id += 1) {
        client.send({ type: 'subscribe', id: 2 + id, patterns: ['alert.s.*'] });
      }
      await fixture.clock.settle();
      // One was there already.
      assert.deepEqual(client.take().map(({ type }) => type), ['error', 'error']); // prettier-ignore
      client.send({ type: 'subscribe', id: 2, patterns: ['command.*'] });
      await fixture.clock.settle();
      assert.deepEqual(client.take(), [], 'another in place of one of them is taken');
      fixture.runCommand = () => new Promise(() => {});
      const ids = Array.from({ length: 257 }, () =>
        client.request('command.run', { command: { type: 'showLog' } }),
      );
      await fixture.clock.settle();
      assert.equal(client.problemOf(ids.at(-1) ?? 0), 'throttled');
      assert.equal(client.take().length, 1);
    }),
  );

  it(
    'refuses a subscription with a pattern that stands for nothing',
    withHub(async (fixture) => {
      const { server } = await fixture.liveServer('a');
      const { client } = await greeted(fixture);
      client.send({ type: 'subscribe', id: 1, patterns: [clusterTopic('s', 'a'), 'cluster..a'] });
      await fixture.clock.settle();
      const [answer, ...others] = client.take();
      assert.ok(answer?.type === 'error' && others.length === 0);
      assert.equal(answer.problem.code, 'badRequest');
      assert.match(answer.problem.detail, /write \* for any one segment/);
      // The subscription of that id is the one of before.
      server.put('b');
      await fixture.clock.advance(1_000);
      assert.ok(
        client
          .takeFrames()
          .flat()
          .some(({ type }) => type === 'cluster.added'),
      );
    }),
  );

  it(
    'sends only what is as urgent as was asked for',
    withHub(async (fixture) => {
      const { server } = await fixture.liveServer('a');
      const { client } = serve(fixture);
      client.ready();
      client.send({ type: 'subscribe', id: 1, patterns: ALL, priority: 'high' });
      await fixture.clock.advance(2_000);
      client.take();
      server.put('a');
      await fixture.clock.advance(1_000);
      const types = client.takeFrames().flatMap((frame) => frame.map(({ type }) => type));
      assert.deepEqual(new Set(types), new Set(['connection.state']));
    }),
  );

  it(
    'has the source of its view probed more often while the view is ready and visible',
    withHub(async (fixture) => {
      const { server } = await fixture.liveServer('a');
      const probesIn = async (ms: number): Promise<number> => {
        const before = server.count('probe');
        await fixture.clock.advance(ms);
        return server.count('probe') - before;
      };
      const { session, client } = serve(fixture);
      assert.equal(await probesIn(60_000), 0);
      client.ready();
      assert.ok((await probesIn(60_000)) >= 4);
      session.setVisible(false);
      assert.equal(await probesIn(60_000), 0);
      session.setVisible(true);
      assert.ok((await probesIn(60_000)) >= 4);
      client.close();
      assert.equal(await probesIn(60_000), 0);
    }),
  );

  it(
    'looks at the source that came back under the name of its view’s',
    withHub(async (fixture) => {
      const { client } = serve(fixture);
      client.ready();
      await fixture.liveServer('a');
      fixture.hub.removeSource('s');
      const server = new FaultServer();
      await fixture.goLive(fixture.addServer(server));
      await fixture.clock.advance(60_000);
      assert.ok(server.count('probe') >= 3, `${server.count('probe')} probes in a minute`);
    }),
  );

  it(
    'ends with its channel: what it worked on is withdrawn, and it hears of nothing',
    withHub(async (fixture) => {
      const source = fixture.addDemo('s');
      await fixture.goLive(source);
      const { client } = await greeted(fixture);
      client.request('logs.open', await firstContainer(fixture, client));
      const signals: AbortSignal[] = [];
      fixture.runCommand = (_, signal) => {
        signals.push(signal);
        return new Promise(() => {});
      };
      client.request('command.run', { command: { type: 'showLog' } });
      await fixture.clock.advance(1_000);
      const open = fixture.demos[0]?.openBodyCount ?? 0;
      client.close();
      await fixture.clock.settle();
      assert.equal(fixture.demos[0]?.openBodyCount, open - 1, 'the log is still followed');
      assert.deepEqual(
        signals.map(({ aborted }) => aborted),
        [true],
      );
      client.take();
      await fixture.clock.advance(60_000);
      assert.deepEqual(client.take(), []);
    }),
  );
});
