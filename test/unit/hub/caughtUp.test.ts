import assert from 'node:assert/strict';
import { nullLogger } from '../../../src/base/logger';
import { seededRandom } from '../../../src/base/random';
import { decodeCursor } from '../../../src/hub/cursor';
import { Hub } from '../../../src/hub/hub';
import { trackLeaks } from '../../support/leakTracker';
import { withHub } from './hubFixture';

/** How a promise ended, or that it did not yet. */
function outcomeOf(promise: Promise<void>): () => string {
  let outcome = 'waits';
  promise.then(
    () => (outcome = 'caught up'),
    (error: unknown) => (outcome = error instanceof Error ? error.message : String(error)),
  );
  return () => outcome;
}

describe('Having caught up', () => {
  trackLeaks();

  it(
    'is waited for where another hub of the same cluster was further, and no longer than five seconds',
    withHub(async (fixture) => {
      const { server } = await fixture.liveServer('a');
      const { clock, hub, owned } = fixture;
      const ahead = owned.add(new Hub({ clock, random: seededRandom(99), logger: nullLogger }));
      const open = () => Promise.resolve({ fetch: server.fetch, dispose: () => {} });
      ahead.addSource({ id: 's', kind: 'kubeconfig', label: 's', open }).connect();
      await clock.advance(100);
      const at = ahead.cursor('s');
      const { state } = decodeCursor(at) ?? {};
      assert.ok(state !== undefined);
      const later = (versions: number): string =>
        at.replace(/\.[^.]+$/, `.${Number(state.version) + versions}`);
      const reached = outcomeOf(hub.caughtUp(later(5)));
      const never = outcomeOf(hub.caughtUp(later(90_000)));
      await clock.advance(1_000);
      assert.deepEqual([reached(), never()], ['waits', 'waits']);
      server.collection.skipVersions(10);
      server.put('b');
      await clock.advance(1_000);
      assert.deepEqual([reached(), never()], ['caught up', 'waits']);
      await clock.advance(3_000);
      assert.match(never(), /^closed: .* ask again$/);
    }),
  );

  it(
    'is not waited for by who was told here, or elsewhere of what is not followed here',
    withHub(async (fixture) => {
      await fixture.liveServer('a');
      const { hub } = fixture;
      await hub.caughtUp(hub.cursor('s'));
      await hub.caughtUp(hub.cursor());
      await hub.caughtUp('1.other.5.5');
      await hub.caughtUp('1.other.5.5.nowhere');
      await assert.rejects(hub.caughtUp('a version'), /badRequest: minVersion is the cursor of an event/);
    }),
  );
});
