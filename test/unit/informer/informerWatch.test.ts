import assert from 'node:assert/strict';
import { errorLine, playLines, playStatus } from '../../support/faultServer/play';
import { trackLeaks } from '../../support/leakTracker';
import { withInformer } from './informerFixture';

describe('Informer: the watch', () => {
  trackLeaks();

  it(
    'tells creations, updates and deletions as they come, and holds them',
    withInformer(async (fixture) => {
      const { server } = fixture;
      server.put('a');
      await fixture.goLive();
      server.put('b');
      server.put('a', { spec: 1 });
      server.delete('b');
      await fixture.settle();
      assert.deepEqual(fixture.notifications, [
        'added b@1002',
        'updated a@1001 → a@1003',
        'deleted b@1004 observed',
      ]);
      assert.equal(fixture.informer.resourceVersion, '1004');
      fixture.assertInSync();
    }),
  );

  it(
    'asks for bookmarks, and for an end after 300 to 600 s, at random',
    withInformer(
      async (fixture) => {
        await fixture.goLive();
        const { server, clock } = fixture;
        for (let round = 0; round < 30; round += 1) {
          await clock.advance(2_000);
          server.endWatches();
          await fixture.settle();
        }
        const queries = server.requests.filter(({ kind }) => kind === 'watch').map(({ query }) => query);
        const seconds = queries.map((query) => Number(query.get('timeoutSeconds')));
        assert.equal(seconds.length, 31);
        assert.ok(queries.every((query) => query.get('allowWatchBookmarks') === 'true'));
        assert.ok(seconds.every((each) => Number.isInteger(each) && each >= 300 && each <= 600));
        assert.ok(new Set(seconds).size > 10, 'they are spread');
      },
      { random: spread() },
    ),
  );

  it(
    'goes on after a clean end at the version of the last event or bookmark, without a list and without a flicker',
    withInformer(async (fixture) => {
      const { server, clock } = fixture;
      await fixture.goLive();
      server.put('a');
      await clock.advance(2_000);
      server.endWatches();
      await fixture.settle();
      assert.equal(server.last('watch')?.query.get('resourceVersion'), '1001');
      server.bookmark(1_234);
      await clock.advance(2_000);
      server.endWatches();
      await fixture.settle();
      assert.equal(server.last('watch')?.query.get('resourceVersion'), '1234');
      assert.equal(server.count('list'), 1);
      assert.equal(server.openWatches, 1);
      assert.deepEqual(fixture.takeStates(), []);
    }),
  );

  for (const by of ['status', 'event'] as const) {
    it(
      `lists anew after 410 by ${by}: what was held stays until it is replaced, without a flicker`,
      withInformer(async (fixture) => {
        const { server, clock, informer } = fixture;
        server.expiresBy = by;
        server.put('a');
        server.put('gone');
        await fixture.goLive();
        await clock.advance(2_000);
        server.deafenWatches();
        server.delete('gone');
        server.put('a', { spec: 1 });
        server.put('new');
        server.collection.compact();
        server.endWatches();
        await fixture.settle();
        assert.deepEqual(fixture.heldNames, ['a', 'gone']);
        await clock.advance(800);
        assert.deepEqual(fixture.takeStates(), []);
        assert.deepEqual(fixture.takeNotifications(), [
          'deleted gone@1002 inferred',
          'updated a@1001 → a@1004',
          'added new@1005',
        ]);
        assert.equal(informer.generation, 2);
        assert.equal(server.count('list'), 2);
        assert.equal(server.last('list')?.query.has('resourceVersion'), false);
        fixture.assertInSync();
      }),
    );
  }

  it(
    'shows what is held as stale when listing anew takes longer than 5 s',
    withInformer(async (fixture) => {
      const { server, clock, informer } = fixture;
      server.put('a');
      await fixture.goLive();
      await clock.advance(5_000);
      server.collection.skipVersions(1);
      server.collection.compact();
      const asOf = informer.asOf;
      const body = server.playSlowly('list');
      server.endWatches();
      await clock.advance(4_999);
      assert.deepEqual(fixture.takeStates(), []);
      await clock.advance(1);
      assert.deepEqual(informer.state, {
        type: 'stale',
        since: asOf,
        problem: { code: 'expired', detail: 'HTTP 410: too old resource version' },
      });
      informer.retryNow();
      await fixture.settle();
      fixture.expectState('stale');
      assert.deepEqual(fixture.heldNames, ['a']);
      body.write('{"items":[],"metadata":{"resourceVersion":"1002"}}');
      body.end();
      await fixture.settle();
      fixture.expectState('live');
      assert.deepEqual(fixture.heldNames, []);
    }),
  );

  it(
    'backs off when every watch is refused as expired, and says so',
    withInformer(async (fixture) => {
      const { server, clock } = fixture;
      server.playAlways('watch', playStatus(410, 'Expired', 'too old resource version'));
      fixture.informer.start();
      await clock.advance(60_000);
      assert.ok(server.count('list') >= 5 && server.count('list') <= 10, `${server.count('list')} lists`);
      assert.equal(fixture.expectState('reconnecting').problem.code, 'expired');
    }),
  );

  for (const [what, play] of [
    [
      'as a status',
      playStatus(504, 'Timeout', 'Too large resource version: 2000, current: 1001', { 'retry-after': '1' }),
    ],
    [
      'in the stream',
      playLines([
        errorLine({
          code: 504,
          reason: 'Timeout',
          message: 'Timeout: Too large resource version',
          details: { causes: [{ reason: 'ResourceVersionTooLarge' }], retryAfterSeconds: 1 },
        }),
      ]),
    ],
  ] as const) {
    it(
      `lists anew after ResourceVersionTooLarge ${what}`,
      withInformer(async (fixture) => {
        const { server, clock } = fixture;
        await fixture.goLive();
        await clock.advance(2_000);
        server.play('watch', play);
        server.endWatches();
        await fixture.settle();
        assert.equal(server.count('list'), 1);
        await clock.advance(1_400);
        fixture.expectState('live');
        assert.equal(server.count('list'), 2);
        assert.deepEqual(fixture.takeStates(), []);
      }),
    );
  }

  for (const [what, line] of [
    ['is not JSON', '{"type":"ADDED","object":{'],
    ['is garbage', '\u0000\u0001garbage with a secret'],
    ['is no event', '[1]'],
    ['is of an unknown type', '{"type":"RENAMED","object":{"metadata":{"name":"x","resourceVersion":"1"}}}'],
    ['has an object without a name', '{"type":"ADDED","object":{"metadata":{"resourceVersion":"5"}}}'],
    ['has an object without a version', '{"type":"MODIFIED","object":{"metadata":{"name":"x"}}}'],
    ['is a bookmark of nothing', '{"type":"BOOKMARK","object":{}}'],
    ['is empty', ''],
  ] as const) {
    it(
      `counts and reports a line that ${what}, keeps what came before it, and lists anew`,
      withInformer(async (fixture) => {
        const { server, clock, informer } = fixture;
        await fixture.goLive();
        server.put('before');
        server.sendLine(line);
        server.put('after');
        await fixture.settle();
        assert.deepEqual(fixture.takeNotifications(), ['added before@1001']);
        assert.equal(informer.counters.badLines, 1);
        assert.deepEqual(
          fixture.problems.map(({ code }) => code),
          ['malformed'],
        );
        assert.equal(fixture.expectState('reconnecting').problem.code, 'malformed');
        assert.ok(!fixture.logged.join().includes('secret'));
        await clock.advance(800);
        fixture.expectState('live');
        assert.equal(server.count('list'), 2);
        assert.deepEqual(fixture.takeNotifications(), ['added after@1002']);
        fixture.assertInSync();
      }),
    );
  }

  it(
    'takes half a line at the end for a cut: nothing is lost, and nothing is listed',
    withInformer(async (fixture) => {
      const { server, clock } = fixture;
      await fixture.goLive();
      server.deafenWatches();
      server.put('a');
      server.hearAgain();
      server.sendText('{"type":"ADDED","object":{"metadata":{"na');
      server.endWatches();
      await fixture.settle();
      assert.equal(fixture.expectState('reconnecting').problem.code, 'closed');
      await clock.advance(800);
      fixture.expectState('live');
      assert.equal(server.count('list'), 1);
      fixture.assertInSync();
    }),
  );

  it(
    'reads events that are spread over many chunks, in the middle of a character too',
    withInformer(async (fixture) => {
      const { server } = fixture;
      await fixture.goLive();
      const line = JSON.stringify({
        type: 'ADDED',
        object: { metadata: { name: 'a', resourceVersion: '1001' }, spec: { name: 'Zürich 東京' } },
      });
      for (const byte of new TextEncoder().encode(`${line}\n`)) {
        server.sendText(Uint8Array.of(byte));
      }
      await fixture.settle();
      assert.deepEqual(fixture.informer.store.get('a')?.['spec'], { name: 'Zürich 東京' });
    }),
  );

  it(
    'takes a new uid under a known name for a deletion and a creation',
    withInformer(async (fixture) => {
      const { server } = fixture;
      server.put('a');
      await fixture.goLive();
      server.sendLine(
        JSON.stringify({
          type: 'MODIFIED',
          object: { metadata: { name: 'a', uid: 'new', resourceVersion: '1002' } },
        }),
      );
      await fixture.settle();
      assert.deepEqual(fixture.notifications, ['deleted a@1001 observed', 'added a@1002']);
    }),
  );

  it(
    'tells nothing where an event repeats a version that is held',
    withInformer(async (fixture) => {
      const { server, informer } = fixture;
      server.put('a');
      await fixture.goLive();
      const held = informer.store.get('a');
      server.sendLine(JSON.stringify({ type: 'ADDED', object: server.collection.get('a') }));
      await fixture.settle();
      assert.deepEqual(fixture.notifications, []);
      assert.equal(informer.store.get('a'), held);
    }),
  );

  it(
    'counts a watch that ends within a second without an event as a failure, from the fourth time on visibly',
    withInformer(async (fixture) => {
      const { server, clock } = fixture;
      await fixture.goLive();
      await clock.advance(5_000);
      server.play('watch', ...Array.from({ length: 4 }, () => playLines([], 'end')));
      server.endWatches();
      await fixture.settle();
      assert.equal(server.count('watch'), 2, 'the next try waits');
      await clock.advance(400 + 800);
      assert.equal(server.count('watch'), 4);
      assert.deepEqual(fixture.takeStates(), []);
      await clock.advance(1_600);
      assert.equal(server.count('watch'), 5);
      assert.deepEqual(fixture.takeStates(), ['reconnecting']);
      await clock.advance(60_000);
      fixture.expectState('live');
      assert.equal(server.count('list'), 1);
    }),
  );

  it(
    'shows no flicker when a change of the CRD ends the watch and the next one is refused for a moment',
    withInformer(async (fixture) => {
      const { server, clock } = fixture;
      await fixture.goLive();
      await clock.advance(5_000);
      server.play(
        'watch',
        playStatus(429, 'TooManyRequests', 'storage is (re)initializing', { 'retry-after': '1' }),
        playStatus(410, 'Expired', 'too old resource version: 208 (209)'),
      );
      server.endWatches();
      await clock.advance(5_000);
      assert.equal(server.count('watch'), 4);
      assert.equal(server.count('list'), 2);
      assert.deepEqual(fixture.takeStates(), []);
      server.put('a');
      await fixture.settle();
      fixture.assertInSync();
    }),
  );
});

function spread(): { next(): number } {
  let value = 0;
  return { next: () => (value = (value + 0.37) % 1) };
}
