import assert from 'node:assert/strict';
import { playStatus } from '../../../support/faultServer/play';
import { trackLeaks } from '../../../support/leakTracker';
import { withInformer, type InformerFixture } from './informerFixture';

function fill(fixture: InformerFixture, count: number, fields: Readonly<Record<string, unknown>> = {}): void {
  for (let index = 0; index < count; index += 1) {
    fixture.server.put(`persona-${String(index).padStart(5, '0')}`, fields);
  }
}

function pagesAsked(fixture: InformerFixture): string[] {
  return fixture.server.requests
    .filter(({ kind }) => kind === 'list')
    .map(({ query }) => `${query.get('limit') ?? 'all'}${query.has('continue') ? '+' : ''}`);
}

describe('rule 1: the initial state, by script', () => {
  trackLeaks();

  it(
    'goes from idle over connecting and syncing to live, and tells what is there',
    withInformer(async (fixture) => {
      const { informer, clock } = fixture;
      fill(fixture, 2);
      assert.deepEqual(informer.state, { type: 'idle' });
      assert.equal(informer.asOf, undefined);
      informer.start();
      await fixture.settle();
      assert.deepEqual(fixture.states, [
        { type: 'connecting' },
        { type: 'syncing', loaded: 2, total: 2 },
        { type: 'live' },
      ]);
      assert.deepEqual(fixture.notifications, ['added persona-00000@1001', 'added persona-00001@1002']);
      assert.equal(informer.asOf, clock.now());
      assert.equal(informer.generation, 1);
      fixture.assertInSync();
    }),
  );

  it(
    'says how many objects of how many are loaded',
    withInformer(async (fixture) => {
      fill(fixture, 1_201);
      fixture.informer.start();
      await fixture.settle();
      assert.deepEqual(
        fixture.states.filter(({ type }) => type === 'syncing'),
        [
          { type: 'syncing', loaded: 500, total: 1_201 },
          { type: 'syncing', loaded: 1_000, total: 1_201 },
          { type: 'syncing', loaded: 1_201, total: 1_201 },
        ],
      );
      fixture.assertInSync();
    }),
  );

  it(
    'splits an unpaged list of many megabytes while it streams',
    withInformer(async (fixture) => {
      const filler = 'ä"\\{[,'.repeat(700);
      fill(fixture, 1_000, { spec: { filler, items: [[1], { items: [] }] } });
      fixture.server.onRequest = ({ query }) => {
        if (query.has('continue')) {
          fixture.server.expireTokens();
        }
      };
      await fixture.goLive();
      assert.equal(pagesAsked(fixture).at(-1), 'all');
      assert.equal(fixture.informer.store.size, 1_000);
      assert.deepEqual(fixture.informer.store.get('persona-00999')?.['spec'], {
        filler,
        items: [[1], { items: [] }],
      });
      fixture.assertInSync();
    }),
  );

  it(
    'does not take a 410 on the first page for a lost token',
    withInformer(async (fixture) => {
      fixture.server.play('list', playStatus(410, 'Expired', 'odd'));
      fixture.informer.start();
      await fixture.settle();
      fixture.expectState('reconnecting');
      await fixture.clock.advance(1_000);
      fixture.expectState('live');
      assert.deepEqual(pagesAsked(fixture), ['500', '500']);
    }),
  );

  it(
    'leaves out items that are no objects, counts them and says so',
    withInformer(async (fixture) => {
      const good = { metadata: { name: 'good', uid: 'u', resourceVersion: '7' } };
      const items = [good, null, { metadata: {} }, { metadata: { name: 3 } }, 'text'];
      const body = JSON.stringify({ kind: 'List', items, metadata: { resourceVersion: '1000' } });
      fixture.server.play('list', { type: 'answer', status: 200, body });
      fixture.informer.start();
      await fixture.settle();
      assert.deepEqual(fixture.heldNames, ['good']);
      assert.equal(fixture.informer.counters.malformedItems, 4);
      assert.deepEqual(
        fixture.problems.map(({ code }) => code),
        ['malformed'],
      );
    }),
  );

  for (const [what, body] of [
    ['is cut off in the middle', '{"items":[{"metadata":{"name":"a"'],
    ['is no list', '{"kind":"Status"}'],
    ['is a login page', '<html>Sign in</html>'],
    ['has no resourceVersion', '{"items":[],"metadata":{}}'],
    ['has items of another kind', '{"items":{},"metadata":{"resourceVersion":"1"}}'],
  ] as const) {
    it(
      `treats an answer that ${what} as malformed, and tries again`,
      withInformer(async (fixture) => {
        fixture.server.play('list', { type: 'answer', status: 200, body });
        fixture.informer.start();
        await fixture.settle();
        assert.equal(fixture.expectState('reconnecting').problem.code, 'malformed');
        assert.ok(!fixture.logged.join().includes('Sign in'));
        await fixture.clock.advance(1_000);
        fixture.expectState('live');
      }),
    );
  }

  it(
    'gives items the type that their list states for all of them',
    withInformer(async (fixture) => {
      const items = [{ metadata: { name: 'a', resourceVersion: '7' } }];
      const body = JSON.stringify({
        apiVersion: 'v1',
        kind: 'PodList',
        items,
        metadata: { resourceVersion: '1000' },
      });
      fixture.server.play('list', { type: 'answer', status: 200, body });
      fixture.informer.start();
      await fixture.settle();
      const object = fixture.informer.store.get('a');
      assert.equal(object?.apiVersion, 'v1');
      assert.equal(object?.kind, 'Pod');
    }),
  );

  it(
    'gives up on a list that stays silent for 30 s',
    withInformer(async (fixture) => {
      fixture.server.play('list', { type: 'hang' });
      fixture.informer.start();
      await fixture.clock.advance(29_900);
      fixture.expectState('connecting');
      await fixture.clock.advance(200);
      assert.equal(fixture.expectState('reconnecting').problem.code, 'unreachable');
      assert.equal(fixture.server.openExchanges, 0);
    }),
  );

  it(
    'waits for a list that is slow but comes, however long it takes',
    withInformer(async (fixture) => {
      const items = JSON.stringify([{ metadata: { name: 'slow', resourceVersion: '5' } }]);
      const chunks = [`{"items":${items}`, ',"metadata":{"resourceVersion":', '"1000"}}'];
      const body = fixture.server.playSlowly('list');
      fixture.informer.start();
      for (const chunk of chunks) {
        await fixture.clock.advance(25_000);
        body.write(chunk);
      }
      body.end();
      await fixture.settle();
      fixture.expectState('live');
      assert.deepEqual(fixture.heldNames, ['slow']);
    }),
  );

  it(
    'gives up on a list that stops in the middle for 30 s',
    withInformer(async (fixture) => {
      fixture.server.play('list', { type: 'stream', chunks: ['{"items":['], ending: 'silence' });
      fixture.informer.start();
      await fixture.clock.advance(30_100);
      assert.equal(fixture.expectState('reconnecting').problem.code, 'unreachable');
      assert.equal(fixture.server.openExchanges, 0);
    }),
  );

  it(
    'gives up on a list whose tokens never end',
    withInformer(async (fixture) => {
      const { server, informer } = fixture;
      const page = JSON.stringify({
        kind: 'ClusterPersonaList',
        metadata: { resourceVersion: '1', continue: 'more' },
        items: [],
      });
      server.playAlways('list', { type: 'answer', status: 200, body: page });
      informer.start();
      await fixture.settle();
      assert.equal(fixture.expectState('reconnecting').problem.code, 'malformed');
      assert.equal(server.count('list'), 2_000);
      informer.stop();
    }),
  );

  it(
    'gives up on an answer that drips for ever, though it is never silent for long',
    withInformer(async (fixture) => {
      const { server, clock, informer } = fixture;
      const drip = server.playSlowly('list');
      informer.start();
      await fixture.settle();
      drip.write('{"items":[');
      for (let minute = 0; minute < 20 && informer.state.type !== 'reconnecting'; minute += 0.25) {
        await clock.advance(15_000);
        drip.write(' ');
        await fixture.settle();
      }
      assert.match(fixture.expectState('reconnecting').problem.detail, /no end of the answer within 600 s/);
      await clock.advance(5_000);
      fixture.expectState('live');
    }),
  );
});
