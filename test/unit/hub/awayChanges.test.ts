import assert from 'node:assert/strict';
import type { KubeObject } from '../../../src/base/kubeObject';
import { AwayChanges } from '../../../src/hub/awayChanges';
import type { AwayChange } from '../../../src/protocol/awayChange';
import { FakeClock } from '../../support/fakeClock';
import { trackLeaks } from '../../support/leakTracker';
import { withHub, type HubFixture } from './hubFixture';

const spec = (environment: string) => ({ spec: { environment } });
const said = (change: AwayChange | undefined): string | undefined =>
  change &&
  `${change.type} ${change.how} ${change.fields.map(({ path, before, after }) => `${path} ${before} → ${after}`).join(', ')}`;

const personaOf = (name: string): KubeObject => ({ metadata: { name, uid: name } });

/** Without a source. */
function bare() {
  const clock = new FakeClock();
  return { clock, changes: new AwayChanges(clock, () => {}) };
}

/** Goes live with personas, and loses the connection. */
async function away(fixture: HubFixture, ...names: readonly string[]) {
  const live = await fixture.liveServer(...names);
  const { server } = live;
  for (const name of names) {
    server.put(name, spec('staging'));
  }
  await fixture.clock.advance(0);
  server.isDown = true;
  server.cutWatches();
  await fixture.clock.advance(10_000);
  fixture.takeEvents();
  return live;
}

async function comeBack({ clock }: HubFixture, server: { isDown: boolean }): Promise<void> {
  server.isDown = false;
  await clock.advance(40_000);
}

describe('what changed while nobody could watch', () => {
  trackLeaks();

  it(
    'is nothing of what happens while the source is live, nor of the first list',
    withHub(async (fixture) => {
      const { server, source } = await fixture.liveServer('a');
      server.put('a', spec('production'));
      await fixture.clock.advance(5_000);
      assert.equal(source.away.get('a'), undefined);
      assert.equal(source.away.unseenCount, 0);
      assert.ok(!fixture.takeEvents().some((event) => event.startsWith('away.changed')));
    }),
  );

  it(
    'is observed where the watch went on where it was, from the last proof until all was told',
    withHub(async (fixture) => {
      const { server, source } = await away(fixture, 'a', 'b');
      const { asOf } = source.status();
      server.put('a', spec('sandbox'));
      server.put('a', spec('production'));
      await comeBack(fixture, server);
      const change = source.away.get('a');
      assert.equal(said(change), 'updated observed spec.environment staging → production');
      assert.equal(change?.from, asOf);
      assert.ok(change !== undefined && change.until > change.from && change.until <= fixture.clock.now());
      assert.deepEqual(source.away.unseen(), ['a']);
      assert.ok(fixture.takeEvents().includes('away.changed a'));
    }),
  );

  it(
    'is inferred where everything had to be listed anew',
    withHub(async (fixture) => {
      const { server, source } = await away(fixture, 'a', 'b', 'c');
      server.put('a', spec('production'));
      server.delete('b');
      server.delete('c');
      server.put('c', spec('production'));
      server.put('d');
      server.collection.compact();
      await comeBack(fixture, server);
      assert.equal(said(source.away.get('a')), 'updated inferred spec.environment staging → production');
      assert.equal(said(source.away.get('b')), 'deleted inferred ');
      assert.equal(said(source.away.get('c')), 'recreated inferred spec.environment staging → production');
      assert.equal(said(source.away.get('d')), 'added inferred ');
    }),
  );

  it(
    'includes what a list finds after a gap too short to be shown',
    withHub(async (fixture) => {
      const { server, source } = await fixture.liveServer('a');
      server.put('a', spec('staging'));
      await fixture.clock.advance(5_000);
      const { asOf } = source.status();
      server.deafenWatches();
      server.put('a', spec('production'));
      server.collection.compact();
      server.endWatches();
      await fixture.clock.advance(4_000);
      assert.equal(said(source.away.get('a')), 'updated inferred spec.environment staging → production');
      assert.equal(source.away.get('a')?.from, asOf);
    }),
  );

  it(
    'is seen after sleep, though the watch survived and the source was live all along',
    withHub(async (fixture) => {
      const { server, source } = await fixture.liveServer('a');
      server.put('a', spec('staging'));
      await fixture.clock.advance(5_000);
      const { asOf } = source.status();
      fixture.clock.jumpWall(3_600_000);
      server.put('a', spec('production'));
      await fixture.clock.advance(2_000);
      assert.equal(said(source.away.get('a')), 'updated observed spec.environment staging → production');
      assert.equal(source.away.get('a')?.from, asOf);
    }),
  );

  it(
    'is nothing where only the version or an instant differs, or what was created is gone again',
    withHub(async (fixture) => {
      const { server, source } = await away(fixture, 'a');
      server.put('a', { ...spec('staging'), status: {} });
      await comeBack(fixture, server);
      source.away.dismiss('a');
      server.isDown = true;
      server.cutWatches();
      await fixture.clock.advance(10_000);
      server.put('a', { ...spec('staging'), status: { lastDiscovery: '2026-01-01T00:00:00Z' } });
      server.put('b');
      server.delete('b');
      await comeBack(fixture, server);
      assert.equal(source.away.get('a'), undefined);
      assert.equal(source.away.get('b'), undefined);
    }),
  );

  it(
    'adds up over gaps until it is seen, and begins anew after that',
    withHub(async (fixture) => {
      const { server, source } = await away(fixture, 'a');
      const gap = async (environment: string): Promise<void> => {
        server.isDown = true;
        server.cutWatches();
        await fixture.clock.advance(10_000);
        server.put('a', spec(environment));
        await comeBack(fixture, server);
      };
      server.put('a', spec('sandbox'));
      await comeBack(fixture, server);
      const first = source.away.get('a')?.from;
      await gap('production');
      assert.equal(said(source.away.get('a')), 'updated observed spec.environment staging → production');
      assert.equal(source.away.get('a')?.from, first);
      await gap('staging');
      assert.equal(source.away.get('a'), undefined);
      await gap('sandbox');
      source.away.markSeen('a');
      assert.equal(source.away.unseenCount, 0);
      assert.equal(source.away.get('a')?.isSeen, true);
      await gap('production');
      assert.equal(said(source.away.get('a')), 'updated observed spec.environment sandbox → production');
      assert.equal(source.away.unseenCount, 1);
      source.away.dismiss('a');
      assert.equal(source.away.get('a'), undefined);
      assert.equal(source.away.unseenCount, 0);
    }),
  );

  it(
    'is forgotten with the source’s data: on disconnecting, and when another cluster answers',
    withHub(async (fixture) => {
      const { server, source } = await away(fixture, 'a');
      server.put('a', spec('production'));
      await comeBack(fixture, server);
      assert.equal(source.away.unseenCount, 1);
      fixture.takeEvents();
      source.disconnect();
      assert.equal(source.away.unseenCount, 0);
      assert.ok(fixture.takeEvents().includes('away.changed a'));
    }),
  );

  it(
    'is not told of a source that was disconnected while it was being worked out',
    withHub(async (fixture) => {
      const names = Array.from({ length: 50 }, (_, place) => `p${place}`);
      const { server, source } = await away(fixture, ...names);
      for (const name of names) {
        server.put(name, spec('production'));
      }
      let told = 0;
      fixture.owned.add(
        fixture.hub.onEvent((event) => {
          if (event.type === 'away.changed') {
            told += 1;
            if (told === 3) {
              source.disconnect();
            }
          }
        }),
      );
      await comeBack(fixture, server);
      assert.ok(told >= 3);
      assert.equal(source.away.unseenCount, 0);
      assert.deepEqual(source.away.unseen(), []);
    }),
  );

  it(
    'ends with its object: what comes or goes before everybody’s eyes is told by nobody as missed',
    withHub(async (fixture) => {
      const { server, source } = await away(fixture, 'a', 'b');
      server.put('a', spec('production'));
      server.delete('b');
      await comeBack(fixture, server);
      assert.deepEqual(source.away.unseen().toSorted(), ['a', 'b']);
      server.delete('a');
      server.put('b');
      await fixture.clock.advance(100);
      assert.deepEqual(source.away.unseen(), []);
      server.put('a');
      await fixture.clock.advance(5_000);
      assert.equal(source.away.get('a'), undefined);
    }),
  );

  it('is not found missing what a long list still tells when a proof comes in between', async () => {
    const { clock, changes } = bare();
    changes.proven(clock.now(), true);
    changes.setLive(true);
    await clock.advance(10_000);
    changes.proven(clock.now(), true);
    for (let slice = 0; slice < 5; slice += 1) {
      changes.note(`p${slice}`, undefined, personaOf(`p${slice}`), 'inferred');
      await clock.advance(600);
      changes.proven(clock.now(), false);
    }
    await clock.advance(2_000);
    assert.equal(changes.unseenCount, 5);
    changes.dispose();
  });

  it(
    'is marked and dismissed as it was shown: what came since stays',
    withHub(async (fixture) => {
      const { server, source } = await away(fixture, 'a');
      server.put('a', spec('sandbox'));
      await comeBack(fixture, server);
      const shown = source.away.get('a')?.until;
      assert.ok(shown !== undefined);
      server.isDown = true;
      server.cutWatches();
      await fixture.clock.advance(10_000);
      server.put('a', spec('production'));
      await comeBack(fixture, server);
      source.away.markSeen('a', shown);
      source.away.dismiss('a', shown);
      assert.equal(said(source.away.get('a')), 'updated observed spec.environment staging → production');
      assert.equal(source.away.unseenCount, 1);
      source.away.dismiss('a', source.away.get('a')?.until);
      assert.equal(source.away.get('a'), undefined);
    }),
  );

  it(
    'stays in bounds however much changed',
    withHub(async (fixture) => {
      const names = Array.from({ length: 1_200 }, (_, place) => `p${place}`);
      const { server, source } = await away(fixture, ...names);
      for (const name of names) {
        server.put(name, spec('production'));
      }
      await comeBack(fixture, server);
      assert.equal(source.away.unseenCount, 1_200);
      const changes = names.map((name) => source.away.get(name));
      assert.equal(changes.filter((change) => change?.fields.length === 1).length, 1_000);
      assert.equal(changes.filter((change) => change?.more === 1).length, 200);
    }),
  );

  it('is not what is told of a live source soon after a list that took a minute', async () => {
    const { clock, changes } = bare();
    changes.proven(clock.now(), true);
    await clock.advance(60_000);
    changes.setLive(true);
    await clock.advance(50_000);
    changes.note('a', undefined, personaOf('a'), 'observed');
    await clock.advance(5_000);
    assert.equal(changes.get('a'), undefined);
    changes.dispose();
  });

  it('forgets the oldest of it where names come and go without end', async () => {
    const { clock, changes } = bare();
    changes.proven(clock.now(), true);
    changes.setLive(true);
    changes.setLive(false);
    for (let place = 0; place < 20_003; place += 1) {
      const name = `p${place}`;
      changes.note(name, personaOf(name), undefined, 'observed');
    }
    changes.setLive(true);
    await clock.advance(5_000);
    assert.equal(changes.unseenCount, 20_000);
    assert.equal(changes.get('p2'), undefined);
    assert.equal(changes.get('p3')?.type, 'deleted');
    changes.dispose();
  });
});
