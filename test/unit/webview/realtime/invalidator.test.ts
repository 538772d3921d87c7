import assert from 'node:assert/strict';
import { QueryObserver, type QueryClient, type QueryKey } from '@tanstack/react-query';
import { queryKeys } from '../../../../src/protocol/queryKeys';
import { Invalidator } from '../../../../webview/realtime/invalidator';
import { createQueryClient } from '../../../../webview/realtime/queryClient';
import {
  createTombstones,
  MAX_TOMBSTONES,
  tombstoneKey,
  type Tombstones,
} from '../../../../webview/realtime/tombstones';
import { trackLeaks } from '../../../support/leakTracker';
import type { FakeClock } from '../../../support/fakeClock';
import { hubEvent, makeOpenClient, type ScriptedHost } from '../scriptedHost';

const eu = { source: 's', name: 'eu' };
const us = { source: 's', name: 'us' };

/** A question whose answers a test gives one by one. */
class Question {
  asked = 0;
  readonly #waiting: ((answer: unknown) => void)[] = [];

  readonly ask = (): Promise<unknown> => {
    this.asked += 1;
    return new Promise((resolve) => this.#waiting.push(resolve));
  };

  answer(answer: string): void {
    this.answerWith(answer);
  }

  answerWith(answer: unknown): void {
    this.#waiting.shift()?.(answer);
  }
}

describe('Invalidator', () => {
  trackLeaks();

  // Nested, so that its hooks release things before the tracker looks.
  describe('told of events', () => {
    let host: ScriptedHost;
    let clock: FakeClock;
    let queryClient: QueryClient;
    let tombstones: Tombstones;
    const cleanUps: (() => void)[] = [];

    beforeEach(() => {
      const made = makeOpenClient();
      ({ host, clock } = made);
      queryClient = createQueryClient();
      tombstones = createTombstones();
      const invalidator = new Invalidator(queryClient, tombstones);
      const listening = [
        made.client.onEvents((events) => invalidator.apply(events)),
        made.client.onRecovered(() => invalidator.invalidateEverything()),
      ];
      cleanUps.push(
        () => made.client.dispose(),
        () => invalidator.dispose(),
        () => listening.forEach((each) => each.dispose()),
        () => queryClient.clear(),
      );
    });

    afterEach('clean up', () => {
      cleanUps
        .splice(0)
        .reverse()
        .forEach((cleanUp) => cleanUp());
    });

    /** A component that shows the answer. */
    async function mount(queryKey: QueryKey, first: unknown = 'first'): Promise<Question> {
      const question = new Question();
      const observer = new QueryObserver(queryClient, { queryKey, queryFn: question.ask });
      cleanUps.push(observer.subscribe(() => undefined));
      question.answerWith(first);
      await clock.settle();
      return question;
    }

    const keys = [
      queryKeys.clusters(),
      queryKeys.cluster('s', 'eu'),
      queryKeys.cluster('s', 'us'),
      queryKeys.cluster('other', 'eu'),
      queryKeys.sources(),
      queryKeys.source('s'),
      queryKeys.source('other'),
      queryKeys.components('s', 'eu'),
      queryKeys.components('s', 'us'),
      queryKeys.alerts('s'),
      queryKeys.alerts('other'),
      queryKeys.personaAlerts('s', 'eu'),
      queryKeys.personaAlerts('s', 'us'),
      queryKeys.personaAlerts('other', 'eu'),
    ];

    const live = { state: { type: 'live' } };
    const nothing = { alerts: [], unwatched: [], ...live };

    /** The keys that are out of date after `events`, where no alert is known. */
    function invalidatedBy(...events: readonly object[]): QueryKey[] {
      keys.forEach((key) => queryClient.setQueryData(key, nothing));
      host.deliver({ type: 'events', events });
      return keys.filter((key) => queryClient.getQueryState(key)?.isInvalidated === true);
    }

    it('asks lists and the one cluster again when it was updated', () => {
      assert.deepEqual(invalidatedBy(hubEvent('cluster.updated', eu)), [
        queryKeys.clusters(),
        queryKeys.cluster('s', 'eu'),
      ]);
    });

    it('asks lists again when a cluster was added, and what is of the cluster where somebody already waits for it', () => {
      assert.deepEqual(invalidatedBy(hubEvent('cluster.added', eu)), [
        queryKeys.clusters(),
        queryKeys.cluster('s', 'eu'),
        queryKeys.components('s', 'eu'),
        queryKeys.alerts('s'),
        queryKeys.personaAlerts('s', 'eu'),
      ]);
    });

    it('asks again for alerts that tell a figure when the cluster was updated, and for no others', () => {
      const high = { source: 's', name: 'eu', rule: 'cpuHigh', value: 93 };
      const about = (...alerts: readonly object[]): QueryKey[] => {
        const answers = [queryKeys.alerts('s'), queryKeys.personaAlerts('s', 'eu')];
        answers.forEach((key) => queryClient.setQueryData(key, { alerts, unwatched: [] }));
        host.event('cluster.updated', eu);
        return answers.filter((key) => queryClient.getQueryState(key)?.isInvalidated === true);
      };
      assert.deepEqual(about(high), [queryKeys.alerts('s'), queryKeys.personaAlerts('s', 'eu')]);
      assert.deepEqual(about({ ...high, value: undefined }), []);
      assert.deepEqual(about({ ...high, resolvedAt: 1 }), []);
      assert.deepEqual(about({ ...high, name: 'us' }), []);
    });

    it('asks for alerts again where the state of their source is another, or does not fit to them, and not at each sign of life', async () => {
      const source = await mount(queryKeys.source('s'), live);
      const alerts = await mount(queryKeys.personaAlerts('s', 'eu'), nothing);
      const lasting = { source: 's', name: 'eu', rule: 'nodeNotReady' };
      let asked = alerts.asked;
      /** How often alerts were asked for, that are these now, by a source that is in this state. */
      const told = async (type: string, held: object): Promise<number> => {
        queryClient.setQueryData(queryKeys.personaAlerts('s', 'eu'), held);
        host.event('connection.state', { source: 's' });
        await clock.settle();
        source.answerWith({ state: { type } });
        await clock.settle();
        alerts.answerWith(held);
        await clock.settle();
        const times = alerts.asked - asked;
        asked = alerts.asked;
        return times;
      };
      await told('live', { alerts: [lasting], unwatched: [] });
      assert.equal(await told('live', { alerts: [lasting], unwatched: [] }), 0, 'a sign of life');
      assert.equal(await told('stale', { alerts: [lasting], unwatched: [] }), 1);
      assert.equal(await told('stale', { alerts: [lasting], unwatched: ['s'] }), 0);
      assert.equal(await told('idle', { alerts: [lasting], unwatched: ['s'] }), 1, 'they went with it');
      assert.equal(await told('live', { alerts: [], unwatched: [] }), 1);
      assert.equal(await told('live', { alerts: [], unwatched: ['s'] }), 1, 'the answer was from before');
      const old = { source: 's', name: 'eu', rule: 'discoveryOld', value: 1 };
      assert.equal(await told('live', { alerts: [old], unwatched: [] }), 1, 'it grows older');
    });

    it('remembers no more deleted clusters than it may, the last ones, and those alone', () => {
      const names = Array.from({ length: MAX_TOMBSTONES + 2 }, (_, index) => `c${index}`);
      host.deliver({
        type: 'events',
        events: names.map((name) => hubEvent('cluster.deleted', { source: 's', name })),
      });
      const held = tombstones.getState();
      assert.equal(held.size, MAX_TOMBSTONES);
      assert.deepEqual(
        ['c1', 'c2'].map((name) => held.has(tombstoneKey('s', name))),
        [false, true],
      );
      host.event('connection.state', { source: 's' });
      assert.equal(tombstones.getState(), held);
    });

    it('forgets a deleted cluster, and no other of that name', () => {
      assert.deepEqual(invalidatedBy(hubEvent('cluster.deleted', eu)), [
        queryKeys.clusters(),
        queryKeys.components('s', 'eu'),
      ]);
      assert.equal(queryClient.getQueryState(queryKeys.cluster('s', 'eu')), undefined);
      assert.equal(queryClient.getQueryData(queryKeys.cluster('other', 'eu')), nothing);
      assert.deepEqual([...tombstones.getState()], [tombstoneKey('s', 'eu')]);
    });

    it('asks for sources again when a connection changed', () => {
      assert.deepEqual(invalidatedBy(hubEvent('connection.state', { source: 's' })), [
        queryKeys.sources(),
        queryKeys.source('s'),
        queryKeys.alerts('s'),
        queryKeys.personaAlerts('s', 'eu'),
        queryKeys.personaAlerts('s', 'us'),
      ]);
    });

    it('asks for the components of the one cluster again when one of them changed', () => {
      assert.deepEqual(
        invalidatedBy(hubEvent('component.changed', { ...eu, kind: 'node', component: 'a' })),
        [queryKeys.components('s', 'eu')],
      );
    });

    it('asks for the alerts of the one cluster and of its source again, of all its clusters for one of the source', () => {
      const alert = { source: 's', fingerprint: 'f', severity: 'critical' };
      assert.deepEqual(invalidatedBy(hubEvent('alert.raised', { ...alert, name: 'eu' })), [
        queryKeys.alerts('s'),
        queryKeys.personaAlerts('s', 'eu'),
      ]);
      queryClient.clear();
      assert.deepEqual(invalidatedBy(hubEvent('alert.resolved', alert)), [
        queryKeys.alerts('s'),
        queryKeys.personaAlerts('s', 'eu'),
        queryKeys.personaAlerts('s', 'us'),
      ]);
    });

    it('asks again what failed for a source once its connection changes', async () => {
      let asked = 0;
      const observer = new QueryObserver(queryClient, {
        queryKey: queryKeys.pods('s', 'apps'),
        queryFn: () => {
          asked += 1;
          return asked === 1 ? Promise.reject(new Error('not connected')) : Promise.resolve(['pod']);
        },
      });
      cleanUps.push(observer.subscribe(() => undefined));
      await clock.settle();
      host.event('connection.state', { source: 'other' });
      await clock.settle();
      assert.equal(asked, 1);
      host.event('connection.state', { source: 's' });
      await clock.settle();
      host.event('connection.state', { source: 's' });
      await clock.settle();
      assert.deepEqual([asked, observer.getCurrentResult().data], [2, ['pod']]);
    });

    it('asks for nothing when log lines came', () => {
      assert.deepEqual(
        invalidatedBy(hubEvent('log.appended', { source: 's', stream: '1', first: 0, next: 9 })),
        [],
      );
    });

    it('asks a mounted cluster no more once it was deleted, and knows when it is back', async () => {
      const question = await mount(queryKeys.cluster('s', 'eu'));
      host.event('cluster.deleted', eu);
      host.event('connection.state', { source: 's' });
      await clock.settle();
      assert.equal(question.asked, 1);
      host.event('cluster.added', eu);
      assert.equal(tombstones.getState().size, 0);
    });

    it('lets the last of several events about one cluster decide', () => {
      assert.deepEqual(
        invalidatedBy(hubEvent('cluster.deleted', us), hubEvent('cluster.added', us)),
        [
          queryKeys.clusters(),
          queryKeys.components('s', 'us'),
          queryKeys.alerts('s'),
          queryKeys.personaAlerts('s', 'us'),
        ],
        'the old object is forgotten, since its successor is another one',
      );
      assert.equal(tombstones.getState().size, 0);
    });

    it('asks once for a whole frame', async () => {
      const list = await mount(queryKeys.clusters());
      host.deliver({
        type: 'events',
        events: [
          hubEvent('cluster.updated', eu),
          hubEvent('cluster.updated', us),
          hubEvent('cluster.added', eu),
        ],
      });
      await clock.settle();
      assert.equal(list.asked, 2);
      list.answer('second');
      await clock.settle();
      assert.equal(list.asked, 2);
    });

    it('asks what is not shown only when it is shown again', async () => {
      queryClient.setQueryData(queryKeys.clusters(), 'known');
      host.event('cluster.updated', eu);
      const question = await mount(queryKeys.clusters(), 'new');
      assert.equal(question.asked, 1);
      assert.equal(queryClient.getQueryData(queryKeys.clusters()), 'new');
    });

    it('asks once more, and only once, for any number of events while an answer is awaited', async () => {
      const question = await mount(queryKeys.cluster('s', 'eu'));
      for (let event = 0; event < 50; event += 1) {
        host.event('cluster.updated', eu);
      }
      await clock.settle();
      assert.equal(question.asked, 2);
      question.answer('maybe from before the last event');
      await clock.settle();
      assert.equal(question.asked, 3);
      question.answer('newest');
      await clock.settle();
      assert.equal(question.asked, 3);
      assert.equal(queryClient.getQueryData(queryKeys.cluster('s', 'eu')), 'newest');
    });

    it('does not trust a first answer that was asked for before the event', async () => {
      const question = new Question();
      const observer = new QueryObserver(queryClient, {
        queryKey: queryKeys.cluster('s', 'eu'),
        queryFn: question.ask,
      });
      cleanUps.push(observer.subscribe(() => undefined));
      host.event('cluster.updated', eu);
      question.answer('from before');
      await clock.settle();
      assert.equal(question.asked, 2);
      question.answer('after');
      await clock.settle();
      assert.equal(observer.getCurrentResult().data, 'after');
    });

    it('asks everything that is shown once when notifications were missed', async () => {
      const mounted = [await mount(queryKeys.clusters()), await mount(queryKeys.source('s'), live)];
      queryClient.setQueryData(queryKeys.cluster('s', 'us'), 'hidden');
      tombstones.setState(new Set([tombstoneKey('s', 'eu')]), true);
      host.deliver({ type: 'recovered', ok: false, reset: true });
      await clock.settle();
      assert.deepEqual(
        mounted.map(({ asked }) => asked),
        [2, 2],
      );
      assert.equal(queryClient.getQueryState(queryKeys.cluster('s', 'us'))?.isInvalidated, true);
      assert.equal(tombstones.getState().size, 0);
    });

    it('goes on after an answer that failed', async () => {
      let asked = 0;
      const observer = new QueryObserver(queryClient, {
        queryKey: queryKeys.cluster('s', 'eu'),
        queryFn: () => {
          asked += 1;
          return asked === 2 ? Promise.reject(new Error('once')) : Promise.resolve(`answer ${asked}`);
        },
      });
      cleanUps.push(observer.subscribe(() => undefined));
      await clock.settle();
      host.event('cluster.updated', eu);
      await clock.settle();
      assert.equal(observer.getCurrentResult().data, 'answer 1', 'what is known stays');
      host.event('cluster.updated', eu);
      await clock.settle();
      assert.equal(observer.getCurrentResult().data, 'answer 3');
    });
  });
});
