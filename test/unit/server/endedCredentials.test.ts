import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { until } from '../../support/testbed/until';
import { ReviewedHub, SOON, textOf } from './reviewedHub';

/** Of jane, with a moment at which it ends. */
function tokenUntil(atMs: number): string {
  const claims = Buffer.from(JSON.stringify({ exp: atMs / 1_000 })).toString('base64url');
  return `jane.${claims}.signature`;
}

describe('Whoever came by a token that has ended', () => {
  let hub: ReviewedHub;

  beforeEach(async () => {
    hub = new ReviewedHub();
    await hub.start();
  });
  afterEach(() => hub.stop());

  it('is sent away from a WebSocket, also where it ended while it was asked what they may', async () => {
    hub.accessDelay = delay(600);
    const socket = new WebSocket(`${hub.url.replace('http', 'ws')}/api/v1/ws`, {
      headers: { authorization: `Bearer ${tokenUntil(Date.now() + 300)}` },
    });
    let code: number | undefined;
    socket.on('close', (closedWith) => (code = closedWith));
    socket.on('error', () => undefined);
    await until('it is closed', () => code, { ...SOON, deadlineMs: 3_000 });
    assert.equal(code, 4401);
  });

  it('is told by a stream, also where it ended while it was asked what they may', async () => {
    hub.accessDelay = delay(600);
    const answer = await hub.ask(
      '/api/v1/stream?topics=**',
      tokenUntil(Date.now() + 300),
      AbortSignal.timeout(3_000),
    );
    assert.match(await answer.text(), /event: goodbye\ndata: \{"code":4401/);
  });

  it('is not handed on what a cluster says any more', async () => {
    let told = 0;
    hub.pods = () => {
      const body = async function* () {
        for (; told < 100; told += 1) {
          yield* textOf('a line\n');
          await delay(20);
        }
      };
      return Promise.resolve({ status: 200, header: () => undefined, body: body() });
    };
    const path = encodeURIComponent('/api/v1/namespaces/n/pods/p/log?follow=true');
    const answer = await hub.ask(`/api/v1/sources/s/kube?path=${path}`, 'jane', AbortSignal.timeout(4_000));
    assert.equal(answer.status, 200);
    hub.revoked.add('jane');
    await assert.rejects(answer.text());
    assert.ok(told < 80, `${told} lines were handed on`);
  });
});
