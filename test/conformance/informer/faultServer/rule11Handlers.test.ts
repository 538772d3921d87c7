import assert from 'node:assert/strict';
import type { KubeObject } from '../../../../src/base/kubeObject';
import { trackLeaks } from '../../../support/leakTracker';
import { withInformer } from './informerFixture';

describe('rule 11: handlers, and the end, by script', () => {
  trackLeaks();

  it(
    'does not replay: a handler and what the Store held when it came add up',
    withInformer(async (fixture) => {
      const { server, informer } = fixture;
      server.put('a');
      server.put('b');
      const late = new Map<string, KubeObject>();
      fixture.onNotification = (text) => {
        if (text.startsWith('added a')) {
          for (const object of informer.store.values()) {
            late.set(object.metadata.name, object);
          }
          fixture.subscriptions.add(
            informer.addHandler({
              added: (object) => {
                assert.ok(!late.has(object.metadata.name));
                late.set(object.metadata.name, object);
              },
              updated: (_, object) => late.set(object.metadata.name, object),
              deleted: (object) => late.delete(object.metadata.name),
            }),
          );
        }
      };
      await fixture.goLive();
      server.put('c');
      await fixture.settle();
      assert.deepEqual([...late.keys()], ['a', 'b', 'c']);
    }),
  );

  it(
    'tells a handler nothing after it was removed, even by another one',
    withInformer(async (fixture) => {
      const { server, informer } = fixture;
      let told = 0;
      const removed = informer.addHandler({
        added: () => (told += 1),
        updated: () => (told += 1),
        deleted: () => (told += 1),
      });
      fixture.onNotification = () => removed.dispose();
      server.put('a');
      await fixture.goLive();
      assert.equal(told, 0);
    }),
  );

  it(
    'tells nothing after stop, which a handler may call in the middle of a list',
    withInformer(async (fixture) => {
      const { server, informer } = fixture;
      server.put('a');
      server.put('b');
      fixture.onNotification = () => informer.stop();
      informer.start();
      await fixture.settle();
      server.put('c');
      await fixture.settle();
      assert.deepEqual(fixture.notifications, ['added a@1001']);
      assert.deepEqual(fixture.takeStates(), ['connecting', 'syncing', 'idle']);
      assert.equal(server.openExchanges, 0);
      assert.equal(fixture.clock.pendingTimers, 0);
    }),
  );

  it(
    'tells the other handlers after its next start what one of them stopped it on',
    withInformer(async (fixture) => {
      const { server, informer } = fixture;
      const told: string[] = [];
      const note = (object: KubeObject): unknown => told.push(object.metadata.name);
      fixture.subscriptions.add(informer.addHandler({ added: note, updated: note, deleted: note }));
      server.put('a');
      server.put('b');
      fixture.onNotification = () => informer.stop();
      informer.start();
      await fixture.settle();
      assert.deepEqual(told, []);
      fixture.onNotification = () => {};
      informer.start();
      await fixture.settle();
      assert.deepEqual(told, ['a', 'b']);
      assert.deepEqual(fixture.notifications, ['added a@1001', 'added b@1002']);
    }),
  );

  it(
    'begins again with a list, and tells how it differs from what was held and not yet told',
    withInformer(async (fixture) => {
      const { server, informer } = fixture;
      server.put('a');
      server.put('b');
      server.put('c');
      fixture.onNotification = () => informer.stop();
      informer.start();
      await fixture.settle();
      assert.deepEqual(fixture.takeNotifications(), ['added a@1001']);
      fixture.onNotification = () => {};
      server.delete('a');
      server.put('b', { spec: 1 });
      informer.start();
      await fixture.settle();
      fixture.expectState('live');
      assert.deepEqual(fixture.takeNotifications(), [
        'added b@1002',
        'added c@1003',
        'deleted a@1001 inferred',
        'updated b@1002 → b@1005',
      ]);
      fixture.assertInSync();
    }),
  );

  it(
    'says nothing after stop at any moment of opening a watch',
    withInformer(async (fixture) => {
      const { server, informer, clock } = fixture;
      for (let turns = 0; turns < 40; turns += 1) {
        await fixture.goLive();
        await clock.advance(2_000);
        server.endWatches();
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

  for (const [when, prepare] of [
    ['a list is awaited', (fixture) => fixture.server.play('list', { type: 'hang' })],
    ['the question who answers is open', (fixture) => fixture.server.play('identity', { type: 'hang' })],
    [
      'a list is half there',
      (fixture) => fixture.server.play('list', { type: 'stream', chunks: ['{'], ending: 'silence' }),
    ],
    ['a watch is awaited', (fixture) => fixture.server.play('watch', { type: 'hang' })],
    ['a watch is open', () => {}],
    [
      'a retry is awaited',
      (fixture) => {
        fixture.server.isDown = true;
      },
    ],
  ] satisfies [string, (fixture: Parameters<Parameters<typeof withInformer>[0]>[0]) => void][]) {
    it(
      `closes everything at stop while ${when}`,
      withInformer(async (fixture) => {
        prepare(fixture);
        fixture.informer.start();
        await fixture.settle();
        fixture.informer.stop();
        await fixture.settle();
        assert.deepEqual(fixture.informer.state, { type: 'idle' });
        assert.equal(fixture.server.openExchanges, 0);
        assert.equal(fixture.clock.pendingTimers, 0);
        const asked = fixture.server.requests.length;
        await fixture.clock.advance(600_000);
        assert.equal(fixture.server.requests.length, asked);
      }),
    );
  }

  it(
    'does nothing when started twice, stopped twice, or started after its end',
    withInformer(async (fixture) => {
      const { server, informer } = fixture;
      informer.stop();
      informer.start();
      informer.start();
      await fixture.settle();
      assert.equal(server.count('list'), 1);
      informer.stop();
      informer.stop();
      informer.dispose();
      informer.start();
      informer.retryNow();
      await fixture.settle();
      assert.equal(server.count('list'), 1);
      assert.equal(fixture.takeStates().at(-1), 'idle');
    }),
  );

  it(
    'survives a listener that throws',
    withInformer(async (fixture) => {
      fixture.subscriptions.add(
        fixture.informer.onStateChanged(() => {
          throw new Error('listener trouble');
        }),
      );
      await fixture.goLive();
      assert.ok(fixture.logged.some((line) => line.includes('listener trouble')));
    }),
  );
});
