import assert from 'node:assert/strict';
import { nullLogger } from '../../../src/base/logger';
import { seededRandom } from '../../../src/base/random';
import { decodeCursor, encodeCursor } from '../../../src/hub/cursor';
import { withCursors } from '../../../src/hub/frameCursors';
import { Hub } from '../../../src/hub/hub';
import { resume } from '../../../src/hub/resume';
import { topicFilter } from '../../../src/protocol/topicFilter';
import { trackLeaks } from '../../support/leakTracker';
import { FaultServer } from '../../support/faultServer/faultServer';
import { withHub, type HubFixture } from './hubFixture';
import { RawClient } from './rawClient';

const PATTERNS = ['cluster.s.*', 'connection.s'];
const STATE = topicFilter(PATTERNS);

/** Another hub that follows the same cluster, as it were in another process. */
async function otherHub(fixture: HubFixture, server: FaultServer): Promise<Hub> {
  const hub = fixture.owned.add(
    new Hub({ clock: fixture.clock, random: seededRandom(99), logger: nullLogger }),
  );
  const open = () => Promise.resolve({ fetch: server.fetch, dispose: () => {} });
  hub.addSource({ id: 's', kind: 'kubeconfig', label: 's', open }).connect();
  await fixture.clock.advance(100);
  return hub;
}

function namesOf(resumption: ReturnType<typeof resume>): string[] {
  assert.ok(resumption.type === 'known', resumption.type);
  return resumption.events.map(({ type, data }) => ('name' in data ? `${type} ${data.name}` : type));
}

describe('Resuming', () => {
  trackLeaks();

  it(
    'is honoured by another hub of the same cluster: what changed, what went, and how the connection is',
    withHub(async (fixture) => {
      const { server } = await fixture.liveServer('a', 'b', 'c');
      const other = await otherHub(fixture, server);
      // Longer ago than clocks are apart.
      await fixture.clock.advance(6_000);
      server.put('a');
      await fixture.clock.settle();
      const cursor = fixture.hub.cursor('s');
      assert.deepEqual(namesOf(resume(other, [cursor], STATE)), ['connection.state']);
      server.put('b');
      server.delete('c');
      await fixture.clock.settle();
      assert.deepEqual(namesOf(resume(other, [cursor], STATE)), [
        'connection.state',
        'cluster.deleted c',
        'cluster.updated b',
      ]);
      const resumption = resume(other, [cursor], STATE);
      assert.ok(
        resumption.type === 'known' &&
          resumption.events.every((event) => event.replayed === true && event.cursor === cursor),
      );
      // What only the other one saw is not known here.
      assert.equal(resume(other, [cursor], topicFilter([...PATTERNS, 'alert.s.*'])).type, 'unknown');
      assert.equal(resume(other, [cursor], topicFilter(['**'])).type, 'unknown');
      // Of any source it is known as long as both have the same.
      const anySource = topicFilter(['cluster.*.*', 'connection.*']);
      assert.deepEqual(namesOf(resume(other, [cursor], anySource)), namesOf(resumption));
      const open = () => Promise.reject(new Error('never opened'));
      other.addSource({ id: 't', kind: 'kubeconfig', label: 't', open });
      assert.equal(resume(other, [cursor], anySource).type, 'unknown');
      assert.equal(resume(other, [cursor], STATE).type, 'known');
      other.removeSource('t');
      assert.equal(resume(other, [cursor], anySource).type, 'known');
    }),
  );

  it(
    'is refused where a cursor is of another cluster, another history or from before what is remembered',
    withHub(async (fixture) => {
      const { server, source } = await fixture.liveServer('a');
      const early = fixture.hub.cursor('s');
      server.put('a');
      await fixture.clock.settle();
      const other = await otherHub(fixture, server);
      assert.equal(resume(other, [early], STATE).type, 'unknown');
      assert.equal(resume(other, ['garbage'], STATE).type, 'unknown');
      assert.equal(resume(other, [], STATE).type, 'unknown');
      const good = fixture.hub.cursor('s');
      assert.equal(resume(other, [good], STATE).type, 'known');
      assert.equal(resume(other, [good, good], STATE).type, 'unknown');
      assert.equal(resume(other, [good, other.cursor('s')], STATE).type, 'unknown');
      // Restored from a backup, its ResourceVersions begin anew.
      server.collection.restore(900, ['a']);
      server.cutWatches();
      await fixture.clock.advance(20_000);
      assert.equal(source.status().state.type, 'live');
      assert.equal(resume(other, [good], STATE).type, 'unknown');
      server.clusterUid = 'cluster-b';
      server.cutWatches();
      await fixture.clock.advance(20_000);
      assert.equal(resume(other, [good], STATE).type, 'unknown');
      assert.equal(resume(other, [fixture.hub.cursor('s')], STATE).type, 'known');
    }),
  );

  it(
    'is refused by a hub that began after the cluster was restored, however far its ResourceVersions have come since',
    withHub(async (fixture) => {
      const { server } = await fixture.liveServer('a');
      server.collection.skipVersions(100);
      server.put('a');
      await fixture.clock.settle();
      const before = fixture.hub.cursor('s');
      // Nobody was there while it was restored, so that nobody counted it.
      fixture.hub.disconnect('s');
      server.collection.restore(900, ['a']);
      await fixture.clock.advance(60_000);
      const other = await otherHub(fixture, server);
      server.collection.skipVersions(1_000);
      server.put('b');
      await fixture.clock.settle();
      const version = (text: string): number => Number(decodeCursor(text)?.state?.version);
      assert.ok(version(other.cursor('s')) > version(before));
      assert.equal(resume(other, [before], STATE).type, 'unknown');
    }),
  );

  it(
    'honours cursors of a hub that saw the cluster restored, where another one did not',
    withHub(async (fixture) => {
      const { server, source } = await fixture.liveServer('a');
      server.collection.restore(900, ['a']);
      server.cutWatches();
      await fixture.clock.advance(20_000);
      assert.equal(source.status().state.type, 'live');
      const other = await otherHub(fixture, server);
      await fixture.clock.advance(6_000);
      server.put('a');
      await fixture.clock.settle();
      const cursor = fixture.hub.cursor('s');
      server.put('b');
      await fixture.clock.settle();
      assert.deepEqual(namesOf(resume(other, [cursor], STATE)), ['connection.state', 'cluster.added b']);
    }),
  );

  it(
    'waits for a hub that is behind until it has caught up, and no longer than five seconds',
    withHub(async (fixture) => {
      const { server } = await fixture.liveServer('a');
      const ahead = await otherHub(fixture, server);
      await fixture.clock.advance(6_000);
      // The hub of the client hears of nothing until it lists anew.
      const [told] = fixture.hub.sources();
      assert.ok(told !== undefined);
      const { client: channel } = fixture.serve({ type: 'detail', source: 's', name: 'a' });
      const client = fixture.owned.add(new RawClient(channel));
      client.ready();
      await fixture.clock.advance(2_000);
      client.take();
      server.put('a');
      await fixture.clock.settle();
      const cursor = decodeCursor(ahead.cursor('s'));
      assert.ok(cursor?.state !== undefined);
      const future = ahead.cursor('s').replace(/\.[^.]+$/, `.${Number(cursor.state.version) + 5}`);
      const recovered = () => client.take().filter(({ type }) => type === 'recovered');
      client.send({ type: 'subscribe', id: 1, patterns: PATTERNS, cursors: [future] });
      await fixture.clock.advance(1_000);
      assert.deepEqual(recovered(), []);
      server.collection.skipVersions(10);
      server.put('b');
      await fixture.clock.advance(1_000);
      assert.deepEqual(recovered(), [{ type: 'recovered', id: 1, ok: true }]);
      const never = ahead.cursor('s').replace(/\.[^.]+$/, '.99999');
      client.send({ type: 'subscribe', id: 1, patterns: PATTERNS, cursors: [never] });
      await fixture.clock.advance(4_900);
      assert.deepEqual(recovered(), []);
      await fixture.clock.advance(200);
      assert.deepEqual(recovered(), [
        { type: 'recovered', id: 1, ok: false, reset: true, retryAfterMs: 125 },
      ]);
    }),
  );

  it(
    'begins where a frame says, which is before whatever still waits',
    withHub(async (fixture) => {
      const { server } = await fixture.liveServer('a');
      server.put('a');
      server.put('b');
      await fixture.clock.settle();
      const [first, second] = fixture.events.slice(-2);
      assert.ok(first !== undefined && second !== undefined);
      const cursorOf = (waiting: Parameters<typeof withCursors>[2]): string | undefined =>
        withCursors(fixture.hub, [second], waiting)[0]?.cursor;
      const sequenceOf = (waiting: Parameters<typeof withCursors>[2]): number | undefined =>
        decodeCursor(cursorOf(waiting) ?? '')?.sequence;
      assert.equal(sequenceOf([]), fixture.hub.position.sequence);
      assert.equal(sequenceOf([second, first]), (decodeCursor(first.cursor)?.sequence ?? 0) - 1);
      assert.equal(cursorOf([{ ...first, cursor: 'of somebody else' }]), '');
      assert.equal(cursorOf(undefined), '');
      const [sent] = withCursors(fixture.hub, [second], [first]);
      assert.equal(decodeCursor(sent?.cursor ?? '')?.state, undefined);
    }),
  );

  it(
    'does not take a hub that began later for one that told everything, while its client still waits for it',
    withHub(async (fixture) => {
      const server = new FaultServer();
      server.put('a');
      server.put('b');
      const before = await otherHub(fixture, server);
      const seen = decodeCursor(before.cursor('s'));
      assert.ok(seen?.state !== undefined);
      // This one never hears of it.
      server.delete('b');
      await fixture.goLive(fixture.addServer(server));
      const { client: channel } = fixture.serve({ type: 'detail', source: 's', name: 'a' });
      const client = fixture.owned.add(new RawClient(channel));
      client.ready();
      const provenAt = fixture.clock.now() + 10_000;
      const ahead = encodeCursor({ ...seen, state: { ...seen.state, provenAt, version: '99999' } });
      client.send({ type: 'subscribe', id: 1, patterns: PATTERNS, cursors: [ahead] });
      server.put('a');
      await fixture.clock.advance(100);
      const cursors = client.takeFrames().flat().map(({ cursor }) => cursor); // prettier-ignore
      assert.ok(cursors.length > 0);
      assert.deepEqual([...new Set(cursors)], ['']);
    }),
  );

  it(
    'has no position before all that is told again was sent',
    withHub(async (fixture) => {
      const { server } = await fixture.liveServer('a');
      const { session, client: channel } = fixture.serve({ type: 'detail', source: 's', name: 'a' });
      const client = fixture.owned.add(new RawClient(channel));
      client.ready('cluster.s.*');
      await fixture.clock.advance(1_000);
      client.take();
      session.setVisible(false);
      for (let n = 0; n < 600; n += 1) {
        server.put(`n${n}`);
      }
      await fixture.clock.advance(1_000);
      session.setVisible(true);
      await fixture.clock.advance(1_000);
      const messages = client.take().filter(({ type }) => type !== 'visibility');
      const [first, ...others] = messages.map((message) =>
        message.type === 'events' ? message.events.every(({ cursor }) => cursor === '') : message.type,
      );
      assert.equal(first, true);
      assert.deepEqual(others.slice(-2), [false, 'recovered']);
      const last = messages.at(-2);
      assert.ok(last?.type === 'events');
      assert.deepEqual(
        namesOf(resume(fixture.hub, [last.events[0]?.cursor ?? ''], topicFilter(['cluster.s.*']))),
        [],
      );
    }),
  );

  it(
    'tells late comers the last events as old ones, and says when there were more',
    withHub(async (fixture) => {
      const { server } = await fixture.liveServer('a');
      server.put('a');
      server.delete('a');
      await fixture.clock.settle();
      const { events, isComplete } = fixture.hub.replay(['cluster.s.*']);
      assert.deepEqual(
        events.map(({ type, replayed }) => [type, replayed]),
        [['cluster.deleted', true]],
      );
      assert.equal(isComplete, true);
      for (let n = 0; n < 1_100; n += 1) {
        server.put(`n${n}`);
      }
      await fixture.clock.advance(1_000);
      assert.equal(fixture.hub.replay(['cluster.s.*']).isComplete, false);
      assert.equal(fixture.hub.replay(['alert.**']).isComplete, true);
    }),
  );
});
