import assert from 'node:assert/strict';
import { redact } from '../../../src/base/redact';

describe('taking secrets out of foreign text', () => {
  const jwt = `eyJhbGciOiJSUzI1NiJ9.${'a1'.repeat(30)}.sig-_1`;
  for (const [what, text] of [
    ['a JSON Web Token', `got ${jwt} from it`],
    ['a bearer token', 'Authorization: Bearer SECRET'],
    ['a named token', 'id_token=SECRET&x=1'],
    ['a token in JSON', '{"access_token": "SECRET with spaces"}'],
    ['a password', "password: 'SECRET'"],
    ['a key', 'AWS_SECRET_ACCESS_KEY=SECRET'],
    ['an option of a command', 'oidc-login --client-secret SECRET --listen 8000'],
    ['a cookie', 'Set-Cookie: session=SECRET; Path=/'],
    ['a bootstrap token', 'unknown token abcdef.0SECRET123456789'.replace('SECRET', 'a1a1a1')],
    ['a login in an address', 'dial http://user:SECRET@proxy:3128'],
    ['a private key', '-----BEGIN PRIVATE KEY-----\nSECRET\nSECRET\n-----END PRIVATE KEY-----'],
    ['a private key cut short', '-----BEGIN PRIVATE KEY-----\nSECRET\nSECRET'],
    ['a long random run', 'value SECRETa1b2c3d4e5f6g7h8i9j0k1l2m3 refused'],
  ] as const) {
    it(`removes ${what}`, () => {
      const shown = redact(text, 200);
      assert.doesNotMatch(shown, /SECRET\b|SECRETa1|eyJ|a1a1a1/);
      assert.match(shown, /‹redacted›/);
    });
  }

  it('leaves what helps, on one line, cut visibly', () => {
    const text = 'error: no such profile "prod"\n\tat /usr/local/bin/aws-iam-authenticator (exit 255)';
    assert.equal(
      redact(text, 200),
      'error: no such profile "prod" at /usr/local/bin/aws-iam-authenticator (exit 255)',
    );
    assert.equal(redact('connect ECONNREFUSED 127.0.0.1:6443', 200), 'connect ECONNREFUSED 127.0.0.1:6443');
    assert.equal(redact('word '.repeat(100), 20), 'word word word word…');
  });

  it('takes its time in proportion on hostile text', () => {
    const started = process.cpuUsage();
    redact('token'.repeat(1_000_000), 200);
    redact('-----BEGIN '.repeat(100_000), 200);
    redact('a'.repeat(10_000_000), 200);
    redact('--token-'.repeat(1_000_000), 2_000);
    const { user, system } = process.cpuUsage(started);
    // Whatever is quadratic in one of them takes minutes.
    assert.ok(user + system < 5_000_000, `${user + system} µs of CPU time`);
  });
});
