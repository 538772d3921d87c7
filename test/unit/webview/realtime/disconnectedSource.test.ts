import assert from 'node:assert/strict';
import { QueryObserver } from '@tanstack/react-query';
import { problemOf } from '../../../../webview/realtime/problemOf';
import { fetchCluster } from '../../../../webview/realtime/useCluster';
import { createConnection } from '../../../../webview/realtime/connection';
import { HubClient } from '../../../../src/client/hubClient';
import { queryKeys } from '../../../../src/protocol/queryKeys';
import { clusterTopic, connectionTopic } from '../../../../src/protocol/topics';
import type { FaultServer } from '../../../support/faultServer/faultServer';
import { trackLeaks } from '../../../support/leakTracker';
import { withHub, type HubFixture } from '../../hub/hubFixture';

/** A view of persona `p` of source `s`, as its hooks ask and subscribe; tells what it shows. */
async function openView(fixture: HubFixture): Promise<() => string> {
  const { client: channel } = fixture.serve({ type: 'detail', source: 's', name: 'p' });
  const client = new HubClient(channel, fixture.clock, (error) => {
    throw error;
  });
  const visibility = { isVisible: () => true, onChange: () => ({ dispose: () => {} }) };
  const connection = createConnection(client, fixture.clock, visibility);
  const { queryClient } = connection;
  client.connect();
  const subscriptions = [
    client.subscribe([clusterTopic('s', 'p')]),
    client.subscribe([connectionTopic('s')]),
  ];
  const observer = new QueryObserver(queryClient, {
    queryKey: queryKeys.cluster('s', 'p'),
    queryFn: ({ signal }) => fetchCluster(client, 's', 'p', signal),
  });
  const stop = observer.subscribe(() => {});
  fixture.owned.add({
    dispose: () => {
      stop();
      for (const subscription of subscriptions) {
        subscription.dispose();
      }
      connection.dispose();
    },
  });
  await fixture.clock.advance(100);
  return () => {
    const { data, error } = observer.getCurrentResult();
    return [data?.type ?? 'nothing', ...(error === null ? [] : [problemOf(error).code])].join(', ');
  };
}

/** How a source goes away and comes back; the persona `p` may be deleted in between. */
const ABSENCES: readonly [string, (fixture: HubFixture, server: FaultServer) => { back: () => void }][] = [
  [
    'disconnected and connected again',
    ({ hub }) => {
      hub.disconnect('s');
      return { back: () => hub.source('s')?.connect() };
    },
  ],
  [
    'removed and added again',
    (fixture, server) => {
      fixture.hub.removeSource('s');
      return { back: () => fixture.addServer(server).connect() };
    },
  ],
];

describe('a view of a source that was', () => {
  for (const [title, goAway] of ABSENCES) {
    describe(title, () => {
      trackLeaks();

      it(
        'keeps what it shows, marked, and finds out that it was deleted meanwhile',
        withHub(async (fixture) => {
          const { server } = await fixture.liveServer('p', 'q');
          const shown = await openView(fixture);
          assert.equal(shown(), 'found');

          const { back } = goAway(fixture, server);
          await fixture.clock.advance(100);
          assert.equal(shown(), 'found, closed');

          server.delete('p');
          server.playAlways('list', { type: 'hang' });
          back();
          await fixture.clock.advance(100);
          assert.equal(fixture.stateOf('s'), 'connecting');
          assert.equal(shown(), 'found, closed');

          server.forgetPlays();
          fixture.hub.source('s')?.retryNow();
          await fixture.clock.advance(100);
          assert.equal(fixture.stateOf('s'), 'live');
          assert.equal(shown(), 'absent');
        }),
      );

      it(
        'is right again as soon as the source is, when the persona is still there',
        withHub(async (fixture) => {
          const { server } = await fixture.liveServer('p', 'q');
          const shown = await openView(fixture);
          const { back } = goAway(fixture, server);
          await fixture.clock.advance(100);
          back();
          await fixture.clock.advance(100);
          assert.equal(fixture.stateOf('s'), 'live');
          assert.equal(shown(), 'found');
        }),
      );
    });
  }

  it(
    'never there does not take its personas for deleted',
    withHub(async (fixture) => {
      const shown = await openView(fixture);
      assert.equal(shown(), 'nothing, closed');
      await fixture.liveServer('p');
      await fixture.clock.advance(100);
      assert.equal(shown(), 'found');
    }),
  );
});
