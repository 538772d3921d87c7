import assert from 'node:assert/strict';
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { ReviewedHub } from './reviewedHub';

describe('Whoever asks too often', () => {
  let hub: ReviewedHub;

  beforeEach(async () => {
    hub = new ReviewedHub();
    await hub.start({ maxRequestsPerPeer: 1, allowedOrigins: ['https://portal.example.com'] });
    for (let asked = 0; asked < 10; asked += 1) {
      await hub.ask('/api/v1/sources', 'jane');
    }
    hub.tokensAsked.splice(0);
  });
  afterEach(() => hub.stop());

  it('may not have a cluster asked whose a token is by way of a WebSocket either', async () => {
    const socket = new WebSocket(`${hub.url.replace('http', 'ws')}/api/v1/ws`, {
      headers: { authorization: 'Bearer joe' },
    });
    const [code, reason] = await once(socket, 'close');
    assert.deepEqual([code, String(reason)], [4429, 'too many requests from one address']);
    assert.deepEqual(hub.tokensAsked, []);
  });

  it('is told so in a page too, and when to come again', async () => {
    const origin = 'https://portal.example.com';
    const answer = await fetch(`${hub.url}/api/v1/sources`, { headers: { origin } });
    assert.equal(answer.status, 429);
    assert.equal(answer.headers.get('access-control-allow-origin'), origin);
    assert.equal(answer.headers.get('retry-after'), '10');
  });
});
