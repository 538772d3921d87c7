import assert from 'node:assert/strict';
import { PROTOCOL_VERSION } from '../../../src/protocol/messages';
import { HubClient } from '../../../src/client/hubClient';
import { trackLeaks } from '../../support/leakTracker';
import { withHub } from '../hub/hubFixture';

describe('a client that greeted a busy host more than once', () => {
  trackLeaks();

  it(
    'has each request done and answered once',
    withHub(async (fixture) => {
      const { client: channel } = fixture.serve({ type: 'detail', source: 's', name: 'a' });
      const { promise, resolve } = Promise.withResolvers<void>();
      let runs = 0;
      fixture.runCommand = () => {
        runs += 1;
        return promise;
      };
      const client = fixture.owned.add(
        new HubClient(channel, fixture.clock, (error) => assert.fail(String(error))),
      );
      const answer = client.request('command.run', { command: { type: 'showLog' } });
      // Both wait for the host, which answers both.
      channel.send({ type: 'ready', version: PROTOCOL_VERSION });
      client.connect();
      await fixture.clock.settle();
      assert.equal(client.state.type, 'open');
      resolve();
      assert.deepEqual(await answer, {});
      assert.equal(runs, 1);
    }),
  );
});
