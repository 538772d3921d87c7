import assert from 'node:assert/strict';
import { trackLeaks } from '../../../support/leakTracker';
import { withInformer } from './informerFixture';

describe('rule 6: lines that cannot be read, by script', () => {
  trackLeaks();

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
});
