import assert from 'node:assert/strict';
import type { CommandRunner } from '../../../src/hub/requestHandlers';
import { trackLeaks } from '../../support/leakTracker';
import { withHub, type HubFixture } from './hubFixture';
import { RawClient } from './rawClient';

type OnProgress = Parameters<CommandRunner>[2];

/** A client whose command is under way, and what the command can do. */
async function running(fixture: HubFixture) {
  const { client: channel } = fixture.serve({ type: 'detail', source: 's', name: 'a' });
  const client = fixture.owned.add(new RawClient(channel));
  const started = Promise.withResolvers<OnProgress>();
  const ended = Promise.withResolvers<void>();
  fixture.runCommand = (_command, _signal, onProgress) => {
    started.resolve(onProgress);
    return ended.promise;
  };
  client.ready();
  const id = client.request('command.run', { command: { type: 'showLog' } });
  const onProgress = await started.promise;
  client.take();
  return { client, id, onProgress, finish: ended.resolve };
}

describe('the progress of a request', () => {
  trackLeaks();

  it(
    'is told to its client until it is answered, and never afterwards',
    withHub(async (fixture) => {
      const { client, id, onProgress, finish } = await running(fixture);
      onProgress({ text: 'connecting' });
      onProgress({ fraction: 0.5, text: 'syncing' });
      finish();
      await fixture.clock.settle();
      onProgress({ text: 'too late' });
      await fixture.clock.settle();
      assert.deepEqual(client.take(), [
        { type: 'progress', id, text: 'connecting' },
        { type: 'progress', id, fraction: 0.5, text: 'syncing' },
        { type: 'response', id, result: {} },
      ]);
    }),
  );

  it(
    'is not told to a client that withdrew it or started anew',
    withHub(async (fixture) => {
      const { client, id, onProgress, finish } = await running(fixture);
      client.cancel(id);
      await fixture.clock.settle();
      onProgress({ text: 'connecting' });
      client.ready();
      await fixture.clock.settle();
      onProgress({ text: 'connecting' });
      finish();
      await fixture.clock.settle();
      assert.deepEqual(
        client.take().map(({ type }) => type),
        ['hello'],
      );
    }),
  );
});
