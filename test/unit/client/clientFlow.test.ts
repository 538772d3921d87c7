import assert from 'node:assert/strict';
import { HubClient } from '../../../src/client/hubClient';
import { FakeClock } from '../../support/fakeClock';
import { trackLeaks } from '../../support/leakTracker';
import { hubEvent, makeOpenClient, ScriptedHost } from '../webview/scriptedHost';
import { FakeFrames } from './fakeFrames';

const key = { source: 's', name: 'eu' };

describe('HubClient, flow', () => {
  trackLeaks();

  it('gives a credit back for each frame, after its listeners and a paint', async () => {
    const host = new ScriptedHost();
    const clock = new FakeClock();
    const frames = new FakeFrames();
    const client = new HubClient(host, clock, (error) => assert.fail(String(error)), frames.next);
    const order: string[] = [];
    const listening = client.onEvents(() => order.push(`told, ${host.ofType('flow').length} given back`));
    client.connect();
    // Before `hello` nothing counts.
    host.event('cluster.updated', key);
    host.hello();
    host.event('cluster.updated', key);
    host.deliver({ type: 'events', events: [] });
    // One that cannot be read was worked off all the same.
    host.deliver({ type: 'events', events: [hubEvent('cluster.updated', {})] });
    frames.paint();
    await clock.advance(0);
    assert.deepEqual(order, ['told, 0 given back']);
    assert.deepEqual(host.ofType('flow'), [{ type: 'flow', credits: 3 }]);
    listening.dispose();
    client.dispose();
    assert.equal(frames.waiting, 0);
    assert.equal(clock.pendingTimers, 0);
  });

  it('asks for everything again when more was dropped than before, and not for a mere rate', () => {
    const { host, client } = makeOpenClient();
    let recovered = 0;
    const listening = client.onRecovered(() => (recovered += 1));
    const flow = (dropped: number): void => host.deliver({ type: 'flow', rate: 80, queued: 3, dropped });
    flow(0);
    assert.equal(recovered, 0);
    flow(5);
    flow(5);
    assert.equal(recovered, 1);
    flow(6);
    assert.equal(recovered, 2);
    // A host that starts anew counts anew; its `hello` has everything asked again by itself.
    host.hello();
    flow(1);
    assert.equal(recovered, 4);
    listening.dispose();
    client.dispose();
  });

  it('gives nothing back to a host that started anew meanwhile', async () => {
    const { host, clock, client } = makeOpenClient();
    host.event('cluster.updated', key);
    host.hello();
    await clock.advance(5_000);
    assert.deepEqual(host.ofType('flow'), []);
    client.dispose();
  });
});
