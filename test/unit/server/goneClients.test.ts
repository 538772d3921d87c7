import assert from 'node:assert/strict';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { until } from '../../support/testbed/until';
import { ReviewedHub, SOON } from './reviewedHub';

const STREAMS = 'clusterpersona_hub_clients{face="stream"}';

/** A request as it is sent, on a connection that may carry others. */
function rawRequest(path: string, token: string): string {
  return `GET ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${token}\r\n\r\n`;
}

describe('Clients that are gone before they are answered', () => {
  let hub: ReviewedHub;

  beforeEach(async () => {
    hub = new ReviewedHub();
    await hub.start();
  });
  afterEach(() => hub.stop());

  for (const path of ['/api/v1/stream?topics=**', '/api/v1/logs?source=s&namespace=n&pod=p']) {
    it(`leave nothing of ${path} behind while it was asked what they may`, async () => {
      assert.equal(await hub.figure(STREAMS), 0);
      let answer = (): void => undefined;
      hub.accessDelay = new Promise((resolve) => (answer = resolve));
      const followed: string[] = [];
      hub.pods = (asked, request) => {
        followed.push(asked);
        return new Promise((_, reject) =>
          request?.signal?.addEventListener('abort', () => reject(new Error('aborted')), { once: true }),
        );
      };
      const client = hub.connect();
      client.write(rawRequest(path, 'jane'));
      await until('it is asked', () => hub.accessAsked.includes('jane'), SOON);
      client.destroy();
      await once(client, 'close');
      await delay(50);
      answer();
      await delay(500);
      assert.equal(await hub.figure(STREAMS), 0, 'it is streamed to nobody');
      assert.deepEqual(followed, [], 'nobody follows it');
    });
  }

  it('are asked about no more, also for requests that waited for the one before', async () => {
    const client = hub.connect();
    const path = '/api/v1/stream?topics=**';
    client.write(rawRequest(path, 'jane') + rawRequest(path, 'joe'));
    await until('both are asked about', () => hub.accessAsked.includes('joe'), SOON);
    client.destroy();
    await once(client, 'close');
    await delay(100);
    hub.tokensAsked.splice(0);
    await delay(1_000);
    assert.deepEqual(hub.tokensAsked, []);
  });
});
