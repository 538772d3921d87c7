import assert from 'node:assert/strict';
import { bearerToken, RequestGuard } from '../../../src/server/requestGuard';

const allowedOrigins = ['https://portal.example.com'];
const onLoopback = new RequestGuard({ isLoopback: true, allowedOrigins });
const onNetwork = new RequestGuard({ isLoopback: false, allowedOrigins });

function statusOf(guard: RequestGuard, headers: object, url = '/'): number | undefined {
  return guard.refuse({ url, headers: { host: '127.0.0.1:8787', ...headers } })?.status;
}

describe('the guard before every request', () => {
  for (const host of [
    '127.0.0.1',
    '127.0.0.1:8787',
    'localhost:8787',
    'LOCALHOST',
    '[::1]:8787',
    'portal.example.com',
  ]) {
    it(`lets in a request to ${host} on a loopback address`, () => {
      assert.equal(statusOf(onLoopback, { host }), undefined);
    });
  }

  for (const host of [
    '',
    'evil.example',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    '10.0.0.1',
    'a@b',
    '[::',
  ]) {
    it(`refuses a request to "${host}" on a loopback address, and nowhere else`, () => {
      assert.equal(statusOf(onLoopback, { host }), 403);
      assert.equal(statusOf(onNetwork, { host }), undefined);
    });
  }

  for (const [origin, host] of [
    ['http://127.0.0.1:8787', '127.0.0.1:8787'],
    ['https://127.0.0.1:8787', '127.0.0.1:8787'],
    ['https://portal.example.com', '127.0.0.1:8787'],
  ] as const) {
    it(`lets a page of ${origin} ask ${host}`, () => {
      assert.equal(statusOf(onLoopback, { origin, host }), undefined);
    });
  }

  for (const origin of [
    'null',
    '',
    'https://evil.example',
    'http://127.0.0.1:3000',
    'http://portal.example.com',
    'https://portal.example.com.evil.example',
    'https://portal.example.com:8443',
    'vscode-webview://abc',
  ]) {
    it(`lets no page of "${origin}" ask`, () => {
      assert.equal(statusOf(onLoopback, { origin }), 403);
      assert.equal(statusOf(onNetwork, { origin, host: 'hub.example.com' }), 403);
    });
  }

  for (const name of [
    'token',
    'access_token',
    'Access-Token',
    'ticket',
    'api_key',
    'client_secret',
    'user-password',
    'AccessKey',
    'Authorization',
    '%74oken',
  ]) {
    it(`refuses ${name} in a URL`, () => {
      assert.equal(statusOf(onNetwork, {}, `/api/v1/ws?a=b&${name}=x`), 400);
    });
  }

  it('keeps what it refuses to itself', () => {
    const refused = onNetwork.refuse({ url: '/?token=s3cret', headers: { host: 'a' } });
    assert.ok(refused !== undefined && !JSON.stringify(refused).includes('s3cret'));
  });

  it('lets in what only looks like a credential', () => {
    assert.equal(statusOf(onNetwork, {}, '/api/v1/clusters/s/token?source=token&since=secret'), undefined);
  });

  for (const [authorization, token] of [
    ['Bearer abc.DEF-1~+/=', 'abc.DEF-1~+/='],
    ['bearer  abc', 'abc'],
    ['Basic abc', undefined],
    ['Bearer', undefined],
    ['Bearer a b', undefined],
    ['Bearer ä', undefined],
  ] as const) {
    it(`reads ${token ?? 'no token'} from "${authorization}"`, () => {
      assert.equal(bearerToken({ authorization }), token);
    });
  }
});
