import assert from 'node:assert/strict';
import { nullLogger } from '../../../../src/base/logger';
import { Informer } from '../../../../src/informer/informer';
import { BusyClock } from '../../../support/busyClock';
import {
  errorLine,
  initialEventsEnd,
  playLines,
  playStatus,
  type Play,
} from '../../../support/faultServer/play';
import { trackLeaks } from '../../../support/leakTracker';
import { withInformer, type InformerFixture } from './informerFixture';

const EXPIRED = { code: 410, reason: 'Expired', message: 'expired' };

function withWatchList(body: (fixture: InformerFixture) => Promise<void>): () => Promise<void> {
  return withInformer(body, { initialState: 'watchList' });
}

function added(name: string, version: number): string {
  return eventLine('ADDED', name, version);
}

function eventLine(type: string, name: string, version: number): string {
  const metadata = { name, uid: `uid-of-${name}`, resourceVersion: String(version) };
  return JSON.stringify({ type, object: { apiVersion: 'dorgu.io/v1', kind: 'ClusterPersona', metadata } });
}

describe('rule 1: the initial state as a watch, by script', () => {
  trackLeaks();

  it(
    'is asked for and followed in one request, at no particular resourceVersion',
    withWatchList(async (fixture) => {
      const { server, informer, clock } = fixture;
      server.put('a');
      server.put('b');
      informer.start();
      await fixture.settle();
      assert.deepEqual(fixture.takeStates(), ['connecting', 'syncing', 'syncing', 'live']);
      assert.deepEqual(fixture.takeNotifications(), ['added a@1001', 'added b@1002']);
      assert.equal(informer.generation, 1);
      assert.equal(informer.asOf, clock.now());
      assert.equal(informer.resourceVersion, '1002');
      server.put('a', { spec: 1 });
      server.delete('b');
      await fixture.settle();
      assert.deepEqual(fixture.takeNotifications(), ['updated a@1001 → a@1003', 'deleted b@1004 observed']);
      assert.equal(informer.resourceVersion, '1004');
      fixture.assertInSync();
      await clock.advance(80_000);
      assert.equal(server.count('list'), 0);
      assert.equal(server.count('watch'), 1);
      const query = server.last('watch')?.query;
      assert.equal(query?.get('sendInitialEvents'), 'true');
      assert.equal(query?.get('resourceVersionMatch'), 'NotOlderThan');
      assert.equal(query?.get('allowWatchBookmarks'), 'true');
      assert.equal(query?.has('resourceVersion'), false);
    }),
  );

  it(
    'goes on at its resourceVersion when the watch ended, without another initial state',
    withWatchList(async (fixture) => {
      const { server, clock } = fixture;
      server.put('a');
      await fixture.goLive();
      await clock.advance(10_000);
      server.endWatches();
      await fixture.settle();
      assert.equal(server.count('watch'), 2);
      assert.equal(server.last('watch')?.query.get('resourceVersion'), '1001');
      assert.equal(server.last('watch')?.query.has('sendInitialEvents'), false);
      assert.deepEqual(fixture.takeStates(), []);
    }),
  );

  it(
    'is held back until its end is marked, and was true when it was asked for',
    withWatchList(async (fixture) => {
      const { server, informer, clock } = fixture;
      const askedMs = clock.now();
      const body = server.playSlowly('watch');
      informer.start();
      await fixture.settle();
      fixture.expectState('connecting');
      body.write(`${added('a', 1)}\n${added('b', 2)}\n`);
      await clock.advance(50_000);
      assert.deepEqual(fixture.expectState('syncing'), { type: 'syncing', loaded: 1 });
      assert.equal(informer.store.size, 0);
      assert.equal(informer.resourceVersion, undefined);
      body.write(`${initialEventsEnd(7)}\n`);
      await fixture.settle();
      fixture.expectState('live');
      assert.equal(informer.asOf, askedMs);
      assert.equal(informer.resourceVersion, '7');
      assert.deepEqual(fixture.takeNotifications(), ['added a@1', 'added b@2']);
    }),
  );

  it(
    'holds what was changed or deleted before its end as it was at the end',
    withWatchList(async (fixture) => {
      const { server, informer } = fixture;
      const lines = [
        added('a', 1),
        added('b', 2),
        eventLine('DELETED', 'a', 3),
        eventLine('MODIFIED', 'b', 4),
        added('c', 5),
        initialEventsEnd(5),
      ];
      server.play('watch', playLines(lines));
      informer.start();
      await fixture.settle();
      assert.deepEqual(fixture.takeNotifications(), ['added b@4', 'added c@5']);
      assert.deepEqual(fixture.heldNames, ['b', 'c']);
    }),
  );

  it(
    'does not take another bookmark for its end',
    withWatchList(async (fixture) => {
      const { server, informer } = fixture;
      const bookmark = { kind: 'ClusterPersona', metadata: { resourceVersion: '9' } };
      const lines = [added('a', 1), JSON.stringify({ type: 'BOOKMARK', object: bookmark })];
      server.play('watch', playLines(lines));
      informer.start();
      await fixture.settle();
      fixture.expectState('syncing');
      assert.equal(informer.store.size, 0);
    }),
  );

  for (const [what, play] of [
    ['refuses it with 422', playStatus(422, 'Invalid', 'sendInitialEvents is forbidden')],
    ['refuses it with 400', playStatus(400, 'BadRequest', 'unknown parameter')],
    ['ends it before its end is marked', playLines([added('x', 1)], 'end')],
    ['sends what is not understood', playLines(['{"type":"ADDED","object":{}}'])],
  ] satisfies [string, Play][]) {
    it(
      `is listed at once, and until the next start, where the server ${what}`,
      withWatchList(async (fixture) => {
        const { server, informer, clock } = fixture;
        server.put('a');
        server.play('watch', play);
        informer.start();
        await fixture.settle();
        fixture.expectState('live');
        fixture.assertInSync();
        assert.equal(informer.generation, 1);
        assert.equal(informer.counters.failures, 0);
        assert.equal(server.count('list'), 1);
        server.cutWatches();
        server.put('b');
        server.collection.compact();
        await clock.advance(30_000);
        fixture.expectState('live');
        fixture.assertInSync();
        assert.equal(server.count('list'), 2, 'the relist is a list as well');
        informer.stop();
        informer.start();
        await fixture.settle();
        fixture.expectState('live');
        assert.equal(server.count('list'), 2, 'another start tries again');
      }),
    );
  }

  it(
    'is listed where its end is not marked within 60 s',
    withWatchList(async (fixture) => {
      const { server, informer, clock } = fixture;
      server.put('a');
      server.play('watch', playLines([added('a', 1001), added('x', 1)]));
      informer.start();
      await clock.advance(59_900);
      fixture.expectState('syncing');
      assert.equal(informer.store.size, 0);
      await clock.advance(200);
      fixture.expectState('live');
      fixture.assertInSync();
      assert.equal(server.count('list'), 1);
      assert.deepEqual(fixture.takeNotifications(), ['added a@1001']);
    }),
  );

  it(
    'is not given up for good when it breaks off in the middle, and nothing of it is held',
    withWatchList(async (fixture) => {
      const { server, informer, clock } = fixture;
      server.put('a');
      server.play('watch', playLines([added('x', 1), added('y', 2)], 'cut'));
      informer.start();
      await fixture.settle();
      assert.equal(fixture.expectState('reconnecting').problem.code, 'closed');
      assert.equal(informer.store.size, 0);
      assert.equal(informer.generation, 0);
      assert.deepEqual(fixture.notifications, []);
      await clock.advance(1_000);
      fixture.expectState('live');
      fixture.assertInSync();
      assert.equal(server.count('list'), 0);
    }),
  );

  it(
    'keeps what was held while a new one breaks off, and then tells how it differs',
    withWatchList(async (fixture) => {
      const { server, informer, clock } = fixture;
      server.put('a');
      server.put('b');
      await fixture.goLive();
      server.cutWatches();
      server.play('watch', playLines([errorLine(EXPIRED)], 'end'), playLines([added('x', 1)], 'cut'));
      server.delete('a');
      server.put('b', { spec: 1 });
      await clock.advance(400);
      await clock.advance(800);
      assert.deepEqual(fixture.heldNames, ['a', 'b']);
      assert.deepEqual(fixture.notifications, []);
      await clock.advance(5_000);
      fixture.expectState('live');
      assert.deepEqual(fixture.takeNotifications(), ['deleted a@1001 inferred', 'updated b@1002 → b@1004']);
      assert.equal(informer.generation, 2);
      fixture.assertInSync();
    }),
  );

  for (const [how, play] of [
    ['as status', playStatus(410, 'Expired', 'expired')],
    ['as event', playLines([added('x', 1), errorLine(EXPIRED)], 'end')],
  ] satisfies [string, Play][]) {
    it(
      `is asked for again after a 410 ${how}`,
      withWatchList(async (fixture) => {
        const { server, informer, clock } = fixture;
        server.put('a');
        server.play('watch', play);
        informer.start();
        await fixture.settle();
        assert.equal(fixture.expectState('reconnecting').problem.code, 'expired');
        assert.equal(informer.store.size, 0);
        await clock.advance(1_000);
        fixture.expectState('live');
        fixture.assertInSync();
        assert.equal(server.count('list'), 0);
      }),
    );
  }

  it(
    'drops what is held, and is held itself, when another cluster tells it',
    withWatchList(async (fixture) => {
      const { server, clock } = fixture;
      server.put('a');
      await fixture.goLive();
      server.clusterUid = 'cluster-b';
      server.collection.compact();
      server.cutWatches();
      await clock.advance(1_000);
      fixture.expectState('live');
      assert.deepEqual(fixture.takeNotifications(), ['replaced', 'added a@1001']);
    }),
  );

  it(
    'leaves nothing open when it is stopped in the middle',
    withWatchList(async (fixture) => {
      const { server, informer, clock } = fixture;
      server.play('watch', playLines([added('a', 1)]));
      informer.start();
      await fixture.settle();
      informer.stop();
      await fixture.settle();
      assert.equal(server.openExchanges, 0);
      assert.equal(clock.pendingTimers, 0);
      assert.equal(fixture.takeStates().at(-1), 'idle');
    }),
  );

  it(
    'says nothing after stop at any moment of it',
    withWatchList(async (fixture) => {
      const { server, informer, clock } = fixture;
      server.put('a');
      for (let turns = 0; turns < 60; turns += 1) {
        informer.start();
        for (let turn = 0; turn < turns; turn += 1) {
          await Promise.resolve();
        }
        informer.stop();
        await fixture.settle();
        assert.equal(fixture.takeStates().at(-1), 'idle', `after ${turns} turns`);
        assert.equal(clock.pendingTimers, 0, `after ${turns} turns`);
      }
    }),
  );

  it(
    'is taken in slices, so that others have their turn',
    withInformer(async ({ server, clock }) => {
      const busy = new BusyClock(clock);
      const informer = new Informer({
        fetch: server.fetch,
        path: server.path,
        clock: busy,
        random: { next: () => 0.5 },
        logger: nullLogger,
        initialState: 'watchList',
      });
      for (let index = 0; index < 600; index += 1) {
        server.put(`persona-${index}`);
      }
      informer.start();
      await clock.advance(0);
      assert.equal(informer.state.type, 'live');
      assert.equal(informer.store.size, 600);
      // At a millisecond an object, a slice of 12 ms ends after a dozen of them.
      assert.ok(busy.turns >= 600 / 13, `${busy.turns} turns`);
      informer.dispose();
    }),
  );
});
