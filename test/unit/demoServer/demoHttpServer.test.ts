import assert from 'node:assert/strict';
import { Agent } from 'node:http';
import { connect } from 'node:net';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import type { KubeFetch, KubeRequest, KubeResponse } from '../../../src/base/kubeFetch';
import { CertificateAuthority } from '../../../src/demoServer/certificateAuthority';
import { startDemoHttpServer, type DemoHttpServer } from '../../../src/demoServer/demoHttpServer';
import { FakeClock } from '../../support/fakeClock';
import { trackLeaks } from '../../support/leakTracker';
import { receive, send } from './httpClient';

const WATCH = '/apis/dorgu.io/v1/clusterpersonas?watch=1';
const LIST = '/apis/dorgu.io/v1/clusterpersonas';

const encoder = new TextEncoder();

async function* pieces(...texts: readonly string[]): AsyncGenerator<Uint8Array, void, void> {
  for (const piece of texts) {
    yield encoder.encode(piece);
  }
}

function answer(body: AsyncIterable<Uint8Array>, headers: Record<string, string> = {}): KubeResponse {
  const all: Record<string, string> = { 'content-type': 'application/json', ...headers };
  return { status: 200, header: (name) => all[name.toLowerCase()], body };
}

/** A body that is silent until the request's signal is aborted, after its first piece. */
async function* silentAfter(piece: string, signal: AbortSignal | undefined): AsyncGenerator<Uint8Array> {
  yield encoder.encode(piece);
  await new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

describe('The demo HTTP server', () => {
  let server: DemoHttpServer | undefined;

  afterEach(async () => {
    await server?.close();
    server = undefined;
  });

  trackLeaks();

  async function serve(fetch: KubeFetch): Promise<string> {
    server = await startDemoHttpServer({ fetch });
    return server.url;
  }

  it('hands on method, path, headers and body, and brings back status, headers and body', async () => {
    let asked: { path: string; request: KubeRequest | undefined } | undefined;
    const url = await serve(async (path, request) => {
      asked = { path, request };
      const headers: Record<string, string> = { 'content-type': 'text/x', 'retry-after': '3', secret: 'x' };
      return { status: 429, header: (name) => headers[name], body: pieces('Grüße, ', 'too many') };
    });
    const received = await receive(`${url}/a/b%20c?limit=1`, {
      method: 'PATCH',
      headers: { Authorization: 'Bearer t', 'Content-Type': 'application/merge-patch+json' },
      body: '{"ä":1}',
    });
    assert.equal(asked?.path, '/a/b%20c?limit=1');
    assert.equal(asked?.request?.method, 'PATCH');
    assert.deepEqual(asked?.request?.body, Buffer.from('{"ä":1}'));
    assert.equal(asked?.request?.headers?.authorization, 'Bearer t');
    assert.equal(asked?.request?.headers?.['content-type'], 'application/merge-patch+json');
    assert.equal(received.status, 429);
    assert.equal(received.text, 'Grüße, too many');
    assert.equal(received.headers['content-type'], 'text/x');
    assert.equal(received.headers['retry-after'], '3');
    assert.equal(received.headers['content-length'], String(received.bytes.length));
    assert.equal(received.headers['cache-control'], 'no-cache, private');
    assert.match(String(received.headers['audit-id']), /^[0-9a-f-]{36}$/);
    assert.equal(received.headers.secret, undefined);
  });

  it('speaks TLS with a certificate that its authority signed, and listens on loopback only', async () => {
    const authority = new CertificateAuthority('authority');
    server = await startDemoHttpServer({
      fetch: async () => answer(pieces('{}')),
      tls: authority.server('demo'),
    });
    assert.match(server.url, /^https:\/\/127\.0\.0\.1:\d+$/);
    assert.equal((await receive(server.url, { ca: authority.certificate })).text, '{}');
    await assert.rejects(receive(server.url), /certificate/);
  });

  it('sends each piece of a watch at once, though the next is not there yet', async () => {
    const url = await serve(async (_, request) => answer(silentAfter('{"type":"ADDED"}\n', request?.signal)));
    const watch = await send(url + WATCH);
    const [first] = await once(watch, 'data');
    assert.equal(String(first), '{"type":"ADDED"}\n');
    watch.on('error', () => undefined).destroy();
  });

  it('aborts the request when its client goes away', async () => {
    const aborted = Promise.withResolvers<unknown>();
    const url = await serve(async (_, request) => {
      const signal = request?.signal;
      signal?.addEventListener('abort', () => aborted.resolve(signal.reason), { once: true });
      return answer(silentAfter('x\n', signal));
    });
    const watch = await send(url + WATCH);
    watch.on('error', () => undefined).destroy();
    assert.match(String(await aborted.promise), /the client closed the connection/);
  });

  it('aborts the request when its client goes away before there is an answer', async () => {
    const asked = Promise.withResolvers<AbortSignal | undefined>();
    const url = await serve((_, request) => {
      const signal = request?.signal;
      asked.resolve(signal);
      return new Promise((_, reject) => {
        signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
      });
    });
    const { port } = new URL(url);
    const socket = connect(Number(port), '127.0.0.1');
    socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
    const signal = await asked.promise;
    assert.ok(signal !== undefined);
    const aborted = once(signal, 'abort');
    socket.destroy();
    await aborted;
  });

  it('does not abort a request that was answered to its end', async () => {
    let signal: AbortSignal | undefined;
    const url = await serve(async (_, request) => {
      signal = request?.signal;
      return answer(pieces('{}'));
    });
    await receive(url, { headers: { connection: 'close' } });
    await server?.close();
    assert.equal(signal?.aborted, false);
  });

  for (const [what, path] of [
    ['a document', LIST],
    ['a stream', WATCH],
  ] as const) {
    it(`asks no more of ${what} than its reader takes, and goes on when it reads`, async () => {
      const piece = new Uint8Array(64 * 1024);
      const total = 2_000;
      let produced = 0;
      async function* body(): AsyncGenerator<Uint8Array> {
        for (; produced < total; produced += 1) {
          yield piece;
        }
      }
      const url = await serve(async () => answer(body()));
      const slow = await send(url + path);
      // It has come to rest when it stands still for many turns of the event loop.
      for (let before = -1, still = 0; still < 200; still = before === produced ? still + 1 : 0) {
        before = produced;
        await nextTurn();
      }
      assert.ok(
        produced < total / 4,
        `${produced} of ${total} pieces were made for a reader that reads nothing`,
      );
      let received = 0;
      for await (const chunk of slow) {
        received += chunk.length;
      }
      assert.equal(received, total * piece.length);
    });

    it(`breaks the connection when ${what} throws, and ends it when that ends`, async () => {
      let isBroken = true;
      const url = await serve(async () => {
        async function* body(): AsyncGenerator<Uint8Array> {
          yield new Uint8Array(200_000).fill(32);
          if (isBroken) {
            throw new Error('broken in the middle');
          }
        }
        return answer(body());
      });
      await assert.rejects(receive(url + path), /aborted|hang up|ECONNRESET/);
      isBroken = false;
      assert.equal((await receive(url + path)).bytes.length, 200_000);
    });
  }

  it('breaks the connection when there is no answer', async () => {
    const url = await serve(async () => {
      throw new Error('stopped');
    });
    await assert.rejects(receive(url + LIST), /hang up|ECONNRESET/);
  });

  it('uses a connection again, also after a watch that ended', async () => {
    const url = await serve(async () => answer(pieces('{"a":1}\n', '{"b":2}\n')));
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const ports = new Set<number | undefined>();
    for (const path of [LIST, WATCH, LIST, WATCH]) {
      const received = await send(url + path, { agent });
      ports.add(received.socket.localPort);
      assert.equal(await text(received), '{"a":1}\n{"b":2}\n');
    }
    assert.equal(ports.size, 1);
    agent.destroy();
  });

  describe('compresses', () => {
    const large = JSON.stringify({ items: 'persona '.repeat(40_000) });
    const gzip = { 'accept-encoding': 'deflate, gzip;q=0.8' };

    async function* inPieces(): AsyncGenerator<Uint8Array> {
      for (let at = 0; at < large.length; at += 10_000) {
        yield encoder.encode(large.slice(at, at + 10_000));
      }
    }

    it('a large document where the client accepts it', async () => {
      const url = await serve(async () => answer(inPieces(), { vary: 'Accept' }));
      const received = await receive(url + LIST, { headers: gzip });
      assert.equal(received.headers['content-encoding'], 'gzip');
      assert.equal(received.headers.vary, 'Accept, Accept-Encoding');
      assert.ok(received.bytes.length < large.length / 10);
      assert.equal(gunzipSync(received.bytes).toString(), large);
    });

    it('neither a small document, nor a watch, nor for a client that does not accept it', async () => {
      const url = await serve(async (path) => answer(path === '/small' ? pieces('{}') : inPieces()));
      const plain = async (path: string, accepted?: string): Promise<void> => {
        const headers = accepted === undefined ? {} : { 'accept-encoding': accepted };
        const received = await receive(url + path, { headers });
        assert.equal(received.headers['content-encoding'], undefined, `${path} ${accepted}`);
        assert.equal(received.text, path === '/small' ? '{}' : large);
      };
      await plain('/small', 'gzip');
      await plain(WATCH, 'gzip');
      await plain('/api/v1/namespaces/a/pods/b/log', 'gzip');
      await plain(LIST);
      await plain(LIST, 'br');
      await plain(LIST, 'gzip;q=0');
    });
  });

  describe('refuses', () => {
    let calls = 0;
    let url: string;

    beforeEach(async () => {
      calls = 0;
      url = await serve(async () => {
        calls += 1;
        return answer(pieces('{}'));
      });
    });

    for (const [how, headers] of [
      ['announced', {}],
      ['sent in chunks', { 'transfer-encoding': 'chunked' }],
    ] as const) {
      it(`a body of more than 3 MiB, ${how}, with 413, and keeps the connection`, async () => {
        const agent = new Agent({ keepAlive: true, maxSockets: 1 });
        const body = Buffer.alloc(3 * 1024 * 1024 + 1, 'x');
        const refused = await receive(url, { method: 'POST', headers, body, agent });
        assert.equal(refused.status, 413);
        assert.equal(JSON.parse(refused.text).reason, 'RequestEntityTooLarge');
        assert.equal(calls, 0);
        const accepted = await receive(url, { method: 'POST', headers, body: body.subarray(1), agent });
        assert.equal(accepted.status, 200);
        agent.destroy();
      });
    }

    for (const [whom, headers, message] of [
      [
        'who comes by another name, as a rebound DNS name does',
        { host: 'evil.example' },
        /evil\.example.*127\.0\.0\.1/,
      ],
      [
        'who comes by a name that begins like loopback',
        { host: '127.0.0.1.evil.example:80' },
        /is not this machine/,
      ],
      ['a web page', { origin: 'https://evil.example' }, /evil\.example.*kubectl/],
      ['a page of a file, or of a frame', { origin: 'null' }, /web page/],
    ] as const) {
      it(`${whom}, with 403, where nobody shows a token`, async () => {
        const refused = await receive(url, { method: 'POST', headers, body: '{}' });
        assert.equal(refused.status, 403);
        const { kind, reason, message: text } = JSON.parse(refused.text);
        assert.deepEqual([kind, reason], ['Status', 'Forbidden']);
        assert.match(text, message);
        assert.equal(calls, 0);
      });
    }

    it('no web page where there are tokens', async () => {
      await server?.close();
      const authority = new CertificateAuthority('authority');
      server = await startDemoHttpServer({
        fetch: async () => answer(pieces('{}')),
        tls: authority.server('demo'),
      });
      const headers = { origin: 'https://other.example' };
      assert.equal((await receive(server.url, { headers, ca: authority.certificate })).status, 200);
    });

    it('methods that no API server knows, with 405', async () => {
      assert.equal((await receive(url, { method: 'OPTIONS' })).status, 405);
      assert.equal(calls, 0);
    });

    for (const [what, request] of [
      ['what is no HTTP', 'hello\r\n\r\n'],
      [
        'a target that is no path',
        'GET http://elsewhere/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
      ],
    ] as const) {
      it(`${what}, with 400`, async () => {
        const { port } = new URL(url);
        const socket = connect(Number(port), '127.0.0.1');
        socket.write(request);
        assert.match(await text(socket), /^HTTP\/1\.1 400 Bad Request\r\n/);
        assert.equal(calls, 0);
      });
    }
  });

  for (const host of ['localhost', 'LOCALHOST:8080', '127.0.0.1', '127.8.9.10:1', '[::1]:6443']) {
    it(`answers who calls it ${host}`, async () => {
      const url = await serve(async () => answer(pieces('{}')));
      assert.equal((await receive(url, { headers: { host } })).status, 200);
    });
  }

  it('writes headers as UTF-8', async () => {
    const url = await serve(async () => answer(pieces('{}'), { warning: '299 - "unknown field 中é"' }));
    const { headers } = await receive(url);
    assert.equal(Buffer.from(String(headers['warning']), 'latin1').toString(), '299 - "unknown field 中é"');
  });

  it('takes a path that is as long as a long selector', async () => {
    const url = await serve(async () => answer(pieces('{}')));
    assert.equal((await receive(`${url}/?labelSelector=${'a,'.repeat(100_000)}a`)).status, 200);
  });

  for (const path of [LIST, WATCH]) {
    it(`answers HEAD with the headers of GET ${path}, and asks nothing of the body`, async () => {
      let isLeft = false;
      const body: AsyncIterableIterator<Uint8Array> = {
        [Symbol.asyncIterator]: () => body,
        next: () => Promise.reject(new Error('nobody reads it')),
        return: async () => {
          isLeft = true;
          return { done: true, value: undefined };
        },
      };
      const url = await serve(async (_, request) => {
        assert.equal(request?.method, 'GET');
        return answer(body);
      });
      const received = await receive(url + path, { method: 'HEAD' });
      assert.equal(received.status, 200);
      assert.equal(received.headers['content-type'], 'application/json');
      assert.equal(received.text, '');
      assert.ok(isLeft);
    });
  }

  it('ends open watches when it is closed, and lets nobody in any more', async () => {
    const signals: (AbortSignal | undefined)[] = [];
    const url = await serve(async (_, request) => {
      signals.push(request?.signal);
      return answer(silentAfter('x\n', request?.signal));
    });
    const watches = await Promise.all([send(url + WATCH), send(url + WATCH)]);
    const broken = watches.map((watch) => assert.rejects(text(watch), /aborted/));
    await server?.close();
    await Promise.all(broken);
    assert.deepEqual(
      signals.map((signal) => signal?.aborted),
      [true, true],
    );
    await assert.rejects(receive(url), /ECONNREFUSED/);
  });

  it('breaks a connection on which no request comes, and no other', async () => {
    const clock = new FakeClock();
    server = await startDemoHttpServer({
      fetch: async (_, request) => answer(silentAfter('x\n', request?.signal)),
      clock,
    });
    const { port } = server;
    const silent = connect(port, '127.0.0.1');
    const halting = connect(port, '127.0.0.1');
    await Promise.all([once(silent, 'connect'), once(halting, 'connect')]);
    halting.write('GET / HTTP/1.1\r\nHost: local');
    const watch = await send(server.url + WATCH);
    await once(watch, 'data');
    const gone = [once(silent, 'close'), once(halting, 'close')];
    await clock.advance(10_000);
    silent.resume();
    halting.resume();
    await Promise.all(gone);
    assert.equal(watch.destroyed, false);
    watch.on('error', () => undefined).destroy();
  });

  it('says when its port is taken', async () => {
    const url = await serve(async () => answer(pieces('{}')));
    const { port } = new URL(url);
    await assert.rejects(startDemoHttpServer({ fetch: async () => answer(pieces('')), port: Number(port) }), {
      code: 'EADDRINUSE',
    });
  });
});
