import assert from 'node:assert/strict';
import { KubeTransportError } from '../../../src/base/kubeFetch';
import { toTransportError } from '../../../src/base/transportErrors';

const withCode = (code: string, message = 'what happened'): Error =>
  Object.assign(new Error(message), { code });
const direct = { hadAnswer: false, isProxied: false };

describe('what a failed exchange means', () => {
  for (const [code, expected] of [
    ['ECONNREFUSED', 'unreachable'],
    ['EHOSTUNREACH', 'unreachable'],
    ['ENETUNREACH', 'unreachable'],
    ['ETIMEDOUT', 'unreachable'],
    ['UND_ERR_CONNECT_TIMEOUT', 'unreachable'],
    ['ECONNRESET', 'unreachable'],
    ['UND_ERR_SOCKET', 'unreachable'],
    ['ENOTFOUND', 'dns'],
    ['EAI_AGAIN', 'dns'],
    ['CERT_HAS_EXPIRED', 'tls'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls'],
    ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'tls'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'tls'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'tls'],
    ['EPROTO', 'tls'],
    ['UND_ERR_PRX_CONN', 'proxy'],
    ['SOMETHING_NEW', 'unreachable'],
  ] as const) {
    it(`is ${expected} for ${code}`, () => {
      const error = toTransportError(withCode(code), direct);
      assert.equal(error.code, expected);
      assert.equal(error.message, 'what happened');
      assert.equal(error.cause, undefined);
    });
  }

  it('is closed once an answer was under way', () => {
    for (const code of ['ECONNRESET', 'UND_ERR_SOCKET', 'Z_BUF_ERROR']) {
      assert.equal(toTransportError(withCode(code), { hadAnswer: true, isProxied: false }).code, 'closed');
    }
  });

  it('is the proxy where one stands between, but for the certificates behind it', () => {
    const proxied = { hadAnswer: false, isProxied: true };
    assert.equal(toTransportError(withCode('ECONNREFUSED'), proxied).code, 'proxy');
    assert.equal(toTransportError(withCode('ENOTFOUND'), proxied).code, 'proxy');
    assert.equal(toTransportError(withCode('CERT_HAS_EXPIRED'), proxied).code, 'tls');
    const refusal = withCode('UND_ERR_ABORTED', 'Proxy response (407) !== 200 when HTTP Tunneling');
    assert.equal(toTransportError(refusal, proxied).code, 'proxy');
  });

  it('looks into causes and bundles, and keeps an error that already says what it is', () => {
    const bundle = new AggregateError([withCode('ECONNREFUSED', 'refused'), withCode('ENETUNREACH')]);
    assert.equal(toTransportError(new Error('fetch failed', { cause: bundle }), direct).message, 'refused');
    const known = new KubeTransportError('credentials', 'no key');
    assert.equal(toTransportError(new Error('outer', { cause: known }), direct), known);
  });

  it('ends on errors that cause themselves', () => {
    const error = new Error('round');
    error.cause = error;
    assert.equal(toTransportError(error, direct).code, 'unreachable');
  });

  it('redacts and never has an empty message', () => {
    assert.doesNotMatch(toTransportError(withCode('X', 'Bearer SECRET'), direct).message, /SECRET/);
    assert.equal(toTransportError(withCode('ECONNREFUSED', ''), direct).message, 'ECONNREFUSED');
    assert.notEqual(toTransportError(new Error(''), direct).message, '');
  });
});
