import assert from 'node:assert/strict';
import { DEFAULT_REALTIME_LIMITS } from '../../../src/protocol/realtimeLimits';
import { PROTOCOL_VERSION } from '../../../src/protocol/messages';
import { clusterTopic } from '../../../src/protocol/topics';
import { trackLeaks } from '../../support/leakTracker';
import { withHub, type HubFixture } from './hubFixture';
import { RawClient } from './rawClient';

async function greeted(fixture: HubFixture): Promise<RawClient> {
  const client = fixture.owned.add(new RawClient(fixture.serve().client));
  client.ready();
  await fixture.clock.settle();
  return client;
}

describe('a session of a client that shows what it likes', () => {
  trackLeaks();

  it(
    'names no view when it greets, and serves all sources alike',
    withHub(async (fixture) => {
      const { server } = await fixture.liveServer('a');
      const client = await greeted(fixture);
      assert.deepEqual(client.take(), [
        {
          type: 'hello',
          version: PROTOCOL_VERSION,
          limits: DEFAULT_REALTIME_LIMITS,
          language: 'en',
          texts: {},
        },
      ]);
      client.send({ type: 'subscribe', id: 1, patterns: ['cluster.*.*'] });
      server.put('b');
      await fixture.clock.advance(100);
      assert.deepEqual(
        client.takeFrames().flatMap((events) => events.map(({ topic }) => topic)),
        [clusterTopic('s', 'b')],
      );
      assert.equal(fixture.hub.flows.figures().length, 1);
      assert.deepEqual(fixture.hub.flows.viewFigures(), []);
    }),
  );

  it(
    'refuses one request too many, and takes it once another one has ended',
    withHub(async (fixture) => {
      const ends: (() => void)[] = [];
      fixture.runCommand = () => new Promise((resolve) => ends.push(resolve));
      const client = await greeted(fixture);
      client.take();
      const command = { command: { type: 'showLog' } };
      for (let count = 0; count < 256; count += 1) {
        client.request('command.run', command);
      }
      const refused = client.request('command.run', command);
      await fixture.clock.settle();
      assert.deepEqual(client.take(), [
        {
          type: 'error',
          id: refused,
          problem: { code: 'throttled', detail: 'more than 256 requests are under way' },
        },
      ]);
      ends[0]?.();
      await fixture.clock.settle();
      client.request('command.run', command);
      await fixture.clock.settle();
      assert.equal(ends.length, 257);
    }),
  );

  it(
    'refuses one subscription too many, but another one in place of one that there is',
    withHub(async (fixture) => {
      const client = await greeted(fixture);
      client.take();
      for (let id = 1; id <= 257; id += 1) {
        client.send({ type: 'subscribe', id, patterns: ['cluster.s.a'] });
      }
      client.send({ type: 'subscribe', id: 256, patterns: ['cluster.s.b'] });
      await fixture.clock.settle();
      assert.deepEqual(client.take(), [
        {
          type: 'error',
          problem: {
            code: 'badRequest',
            detail: 'more than 256 subscriptions; write several patterns into one',
          },
        },
      ]);
    }),
  );
});
