import assert from 'node:assert/strict';
import { ReadinessProbe } from '../../../src/server/readiness';
import { FaultServer } from '../../support/faultServer/faultServer';
import { playStatus } from '../../support/faultServer/play';
import { trackLeaks } from '../../support/leakTracker';
import { withHub } from '../hub/hubFixture';

describe('whether a hub is ready', () => {
  trackLeaks();

  it(
    'is so once every first list was read, or has failed',
    withHub(async (fixture) => {
      const slow = new FaultServer();
      slow.play('list', { type: 'hang' });
      const gone = new FaultServer();
      gone.playAlways('list', { type: 'refuse', code: 'unreachable' });
      const sources = [
        fixture.addServer(new FaultServer(), 'good'),
        fixture.addServer(gone, 'gone'),
        fixture.addServer(slow, 'slow'),
      ];
      const probe = new ReadinessProbe(fixture.hub);
      assert.deepEqual(probe.look(), { isReady: false, reason: 'clusters that are still being read: 3' });
      sources.forEach((source) => source.connect());
      await fixture.clock.advance(100);
      assert.deepEqual(probe.look(), { isReady: false, reason: 'clusters that are still being read: 1' });
      await fixture.clock.advance(120_000);
      assert.deepEqual(probe.look(), { isReady: true, reason: 'ready' });
    }),
  );

  it(
    'is not so while no cluster can be reached, and is again afterwards',
    withHub(async (fixture) => {
      const server = new FaultServer();
      const source = fixture.addServer(server);
      const probe = new ReadinessProbe(fixture.hub);
      await fixture.goLive(source);
      assert.equal(probe.look().isReady, true);
      server.playAlways('list', { type: 'refuse', code: 'unreachable' });
      server.playAlways('watch', { type: 'refuse', code: 'unreachable' });
      server.playAlways('probe', { type: 'refuse', code: 'unreachable' });
      server.cutWatches();
      await fixture.clock.advance(30_000);
      assert.deepEqual(probe.look(), { isReady: false, reason: 'no cluster can be reached' });
      server.playAlways('list');
      server.playAlways('watch');
      server.playAlways('probe');
      await fixture.clock.advance(60_000);
      assert.equal(probe.look().isReady, true);
    }),
  );

  it(
    'is so where a cluster answers that it does not let the hub in',
    withHub(async (fixture) => {
      const server = new FaultServer();
      server.playAlways('list', playStatus(403, 'Forbidden', 'no'));
      const source = fixture.addServer(server);
      const probe = new ReadinessProbe(fixture.hub);
      source.connect();
      await fixture.clock.advance(10_000);
      assert.equal(fixture.stateOf('s'), 'forbidden');
      assert.equal(probe.look().isReady, true);
    }),
  );
});
