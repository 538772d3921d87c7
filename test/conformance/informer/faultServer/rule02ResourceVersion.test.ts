import assert from 'node:assert/strict';
import type { Play } from '../../../support/faultServer/play';
import { trackLeaks } from '../../../support/leakTracker';
import { withInformer } from './informerFixture';

function listAt(resourceVersion: string): Play {
  return { type: 'answer', status: 200, body: JSON.stringify({ items: [], metadata: { resourceVersion } }) };
}

/** One event at a version, and then silence. */
function bookmarkAt(resourceVersion: string): Play {
  const line = JSON.stringify({ type: 'BOOKMARK', object: { metadata: { resourceVersion } } });
  return { type: 'stream', chunks: [`${line}\n`], ending: 'silence' };
}

describe('rule 2: resourceVersions, by script', () => {
  trackLeaks();

  for (const [what, listed, probed, isBehind] of [
    [
      'a number that is lower by one in its 25th digit',
      '1000000000000000000000002',
      '1000000000000000000000001',
      true,
    ],
    ['a shorter number', '1000', '999', true],
    ['a higher number of the same length', '1999', '2000', false],
    ['a longer number that is lower as a text', '999', '1000', false],
    ['a number with a leading zero', '1000', '0999', false],
    ['zero', '1000', '0', false],
    ['no number', 'b:7', 'a:7', false],
    ['a number with a sign', '1000', '-1', false],
  ] as const) {
    it(
      `takes ${what} ${isBehind ? 'for' : 'not for'} an older version`,
      withInformer(async (fixture) => {
        const { server, informer, clock } = fixture;
        informer.setVisible(true);
        server.play('list', listAt(listed));
        server.playAlways('watch', bookmarkAt(listed));
        server.playAlways('probe', listAt(probed));
        await fixture.goLive();
        assert.equal(server.last('watch')?.query.get('resourceVersion'), listed);
        await clock.advance(16_000);
        assert.equal(server.count('list'), isBehind ? 2 : 1);
      }),
    );
  }

  it(
    'takes equal text for an equal version, whatever it says',
    withInformer(async (fixture) => {
      const { server, informer, clock } = fixture;
      informer.setVisible(true);
      server.play('list', listAt('v-één'));
      server.playAlways('watch', { type: 'stream', chunks: [], ending: 'silence' });
      server.playAlways('probe', listAt('v-één'));
      await fixture.goLive();
      await clock.advance(15_000);
      assert.equal(informer.asOf, clock.now(), 'the probe is proof');
      assert.equal(server.count('watch'), 1);
      assert.equal(informer.resourceVersion, 'v-één');
    }),
  );
});
