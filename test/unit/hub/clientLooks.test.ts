import assert from 'node:assert/strict';
import { ClientLooks } from '../../../src/hub/clientLooks';
import { GuestHub } from '../../../src/hub/guestHub';
import type { Source } from '../../../src/hub/source';
import { trackLeaks } from '../../support/leakTracker';
import { withHub } from './hubFixture';
import { ScriptedGuest } from './scriptedGuest';

/** How many look at a source at the moment. */
function countLooks(source: Source): () => number {
  let looking = 0;
  const look = source.look.bind(source);
  source.look = () => {
    const looked = look();
    looking += 1;
    return {
      dispose: () => {
        looking -= 1;
        looked.dispose();
      },
    };
  };
  return () => looking;
}

describe('where a client looks', () => {
  trackLeaks();

  it(
    'is at the sources whose state it follows, while it is seen',
    withHub(async (fixture) => {
      const { source } = await fixture.liveServer('a');
      const looking = countLooks(source);
      const looks = fixture.owned.add(
        new ClientLooks(new GuestHub(fixture.hub, new ScriptedGuest('s personas'))),
      );
      looks.set(1, ['connection.s', 'cluster.s.a']);
      assert.equal(looking(), 0);
      looks.setLooking(true);
      assert.equal(looking(), 1);
      looks.set(2, ['connection.s']);
      assert.equal(looking(), 2);
      looks.sourcesChanged();
      assert.equal(looking(), 2);
      looks.setLooking(false);
      assert.equal(looking(), 0);
      looks.setLooking(true);
      looks.delete(1);
      assert.equal(looking(), 1);
      looks.clear();
      assert.equal(looking(), 0);
    }),
  );

  it(
    'is nowhere for who follows all of them, or one that there is not',
    withHub(async (fixture) => {
      const { source } = await fixture.liveServer('a');
      const looking = countLooks(source);
      const looks = fixture.owned.add(
        new ClientLooks(new GuestHub(fixture.hub, new ScriptedGuest('s personas'))),
      );
      looks.setLooking(true);
      looks.set(1, ['connection.*', 'cluster.*.*', '**', 'connection.none', 'cluster.s.a']);
      assert.equal(looking(), 0);
    }),
  );

  it(
    'is not at what it may not see',
    withHub(async (fixture) => {
      const { source } = await fixture.liveServer('a');
      const looking = countLooks(source);
      const looks = fixture.owned.add(new ClientLooks(new GuestHub(fixture.hub, new ScriptedGuest())));
      looks.setLooking(true);
      looks.set(1, ['connection.s']);
      assert.equal(looking(), 0);
    }),
  );
});
