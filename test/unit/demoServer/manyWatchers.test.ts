import assert from 'node:assert/strict';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { readText } from '../../../src/base/readBody';
import { createDemoCluster, type DemoCluster } from '../../../src/demo/demoCluster';
import { startDemoHttpServer, type DemoHttpServer } from '../../../src/demoServer/demoHttpServer';
import { FakeClock } from '../../support/fakeClock';
import { trackLeaks } from '../../support/leakTracker';
import { PERSONAS_PATH } from '../demo/demoReader';
import { send } from './httpClient';

describe('Many watchers over HTTP', () => {
  let clock: FakeClock;
  let cluster: DemoCluster;
  let server: DemoHttpServer;

  beforeEach(async () => {
    clock = new FakeClock();
    cluster = createDemoCluster({ clock, seed: 1 });
    server = await startDemoHttpServer({ fetch: cluster.fetch });
  });

  afterEach(async () => {
    await server.close();
    cluster.dispose();
  });

  trackLeaks();

  it('are told of every change, in order, though they share what is written and are paced', async () => {
    const path = `${PERSONAS_PATH}?watch=1&timeoutSeconds=600`;
    const { body } = await cluster.fetch(path);
    const expected = readText(body, 10_000_000);
    const watches = await Promise.all(Array.from({ length: 60 }, () => send(server.url + path)));
    const [narrow] = await Promise.all([
      send(`${server.url}${path}&fieldSelector=metadata.name%3Dasia-southeast1`),
      ...watches.map((watch) => once(watch, 'readable')),
    ]);
    const received = Promise.all(watches.map((watch) => text(watch)));
    const receivedNarrow = text(narrow);
    cluster.start();
    await clock.advance(600_000);
    const whole = await expected;
    assert.ok(whole.split('\n').length > 100);
    assert.deepEqual(new Set(await received), new Set([whole]));
    const own = whole.split('\n').filter((line) => line.includes('"name":"asia-southeast1"'));
    assert.equal(await receivedNarrow, `${own.join('\n')}\n`);
  });
});
