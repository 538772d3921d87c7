import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { systemClock } from '../../../src/base/clock';
import { createDemoCluster } from '../../../src/demo/demoCluster';
import { startDemoHttpServer } from '../../../src/demoServer/demoHttpServer';
import { writeDemoKubeconfig } from '../../../src/demoServer/demoKubeconfig';
import { temporaryFolder } from '../../support/testbed/temporaryFolder';
import { until } from '../../support/testbed/until';
import { CompatPortal } from './compatPortal';
import { failedStart, HubProcess } from './hubProcess';
import { HubSocket } from './hubSocket';

const soon = { deadlineMs: 15_000, pollMs: 20 };

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  describe(`a hub that gets ${signal}`, function () {
    this.timeout(60_000);
    let hub: HubProcess;

    before(async () => {
      hub = await HubProcess.start(['--demo']);
      await hub.untilReady();
    });
    after(() => hub?.stop());

    it('says goodbye to everybody, lets nobody new in, and ends with 0', async () => {
      using client = new HubSocket(`ws://${hub.host}/api/v1/ws`);
      await client.greet();
      using portal = new CompatPortal(`http://${hub.host}`);
      await portal.connect();
      const compatClosed = portal.closed();
      // Something that takes its time.
      const slow = connect(hub.port, '127.0.0.1');
      slow.on('error', () => undefined);
      slow.write('GET /healthz HTTP/1.1\r\n');
      await once(slow, 'connect');
      const startMs = performance.now();
      hub.process.signal(signal);
      const { reason, retryAfterMs } = await client.next('goodbye');
      assert.equal(reason, 'the hub is shutting down');
      assert.ok(typeof retryAfterMs === 'number' && retryAfterMs >= 500 && retryAfterMs <= 30_000);
      assert.deepEqual(await client.closing, { code: 1012, reason: 'the hub is shutting down' });
      assert.equal(await compatClosed, 1001);
      assert.equal((await hub.get('/readyz')).status, 503);
      using late = new HubSocket(`ws://${hub.host}/api/v1/ws`);
      assert.equal(await late.opened(), 503);
      slow.end();
      await hub.process.ended();
      assert.match(hub.process.failure() ?? '', /ended with exit code 0/);
      assert.ok(performance.now() - startMs < 13_000);
      assert.match(hub.log(), /Shutting down: 2 clients/);
    });
  });
}

describe('a hub with thousands of personas', function () {
  this.timeout(60_000);

  it('announces none of them as news to who comes later, and everything that happens then', async () => {
    const folder = temporaryFolder('hub-many');
    const demo = createDemoCluster({ clock: systemClock, seed: 1, personas: 5_000 });
    const server = await startDemoHttpServer({ fetch: demo.fetch });
    const kubeconfig = join(folder.path, 'config');
    writeDemoKubeconfig(kubeconfig, { url: server.url });
    const hub = await HubProcess.start(['--kubeconfig', kubeconfig, '--context', 'demo']);
    try {
      await hub.untilReady();
      using portal = new CompatPortal(`http://${hub.host}`);
      await portal.connect();
      assert.equal(portal.clusters.size, 5_000);
      const [name = ''] = portal.clusters.keys();
      const response = await demo.fetch(`/apis/dorgu.io/v1/clusterpersonas/${name}`, {
        method: 'PATCH',
        headers: { 'content-type': 'application/merge-patch+json' },
        body: JSON.stringify({ spec: { description: 'the only news' } }),
      });
      assert.equal(response.status, 200);
      for await (const chunk of response.body) {
        assert.ok(chunk.length > 0);
      }
      await until('the write was told', () => portal.notices.length > 0, soon);
      await portal.settled();
      assert.deepEqual(portal.notices, [{ type: 'cluster.updated', data: { name } }]);
    } finally {
      await hub.stop();
      await server.close();
      demo.dispose();
      folder.remove();
    }
  });

  it('does not start with what it cannot understand', async () => {
    const folder = temporaryFolder('hub-wrong');
    const file = join(folder.path, 'tokens');
    writeFileSync(file, '');
    assert.match(
      await failedStart(['--demo', '--auth', 'token', '--token-file', file]),
      /^clusterpersona-hub: the token file .* holds no token\n$/,
    );
    assert.match(
      await failedStart(['--kubeconfig', file]),
      /^clusterpersona-hub: the kubeconfig .* is empty/,
    );
    assert.match(await failedStart([]), /^clusterpersona-hub: say which clusters to serve/);
    folder.remove();
  });
});
