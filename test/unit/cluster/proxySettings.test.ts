import assert from 'node:assert/strict';
import { proxyForServer, proxySettingsFromEnvironment } from '../../../src/cluster/proxySettings';

describe('the proxy on the way to a server', () => {
  const through = (noProxy: string, server: string): boolean =>
    proxyForServer({ https: 'http://p:3128', noProxy: noProxy.split(',') }, server) !== undefined;

  it('comes from the environment, by the server’s scheme', () => {
    const settings = proxySettingsFromEnvironment({
      https_proxy: 'p1:1',
      HTTP_PROXY: 'socks5://p2:2',
      NO_PROXY: 'a,b',
    });
    assert.deepEqual(settings, { https: 'p1:1', http: 'socks5://p2:2', noProxy: ['a', 'b'] });
    assert.equal(proxyForServer(settings, 'https://k.example:6443'), 'http://p1:1');
    assert.equal(proxyForServer(settings, 'http://k.example'), 'socks5://p2:2');
    assert.equal(proxyForServer(settings, 'https://a'), undefined);
    assert.equal(proxyForServer(proxySettingsFromEnvironment({}), 'https://k.example'), undefined);
  });

  it('is none for this machine, and for a scheme that is not understood', () => {
    for (const server of [
      'https://localhost:1',
      'https://127.0.0.1',
      'https://127.9.9.9',
      'https://[::1]:6443',
    ]) {
      assert.equal(through('', server), false, server);
    }
    assert.equal(proxyForServer({ https: 'ftp://p', noProxy: [] }, 'https://k'), undefined);
  });

  for (const [noProxy, server, isThrough] of [
    ['', 'https://k.example', true],
    ['*', 'https://k.example', false],
    ['k.example', 'https://K.example', false],
    ['k.example', 'https://a.k.example', false],
    ['k.example', 'https://ak.example', true],
    ['.k.example', 'https://a.k.example', false],
    ['.k.example', 'https://k.example', true],
    ['*.k.example', 'https://a.k.example', false],
    [' other , k.example ', 'https://k.example', false],
    ['k.example:6443', 'https://k.example:6443', false],
    ['k.example:6443', 'https://k.example', true],
    ['k.example:443', 'https://k.example', false],
    ['10.0.0.1', 'https://10.0.0.1:6443', false],
    ['10.0.0.1', 'https://10.0.0.11', true],
    ['10.0.0.0/8', 'https://10.200.3.4', false],
    ['10.0.0.0/8', 'https://11.0.0.1', true],
    ['10.0.0.0/99', 'https://10.0.0.1', true],
    ['10.0.0.0/8', 'https://k.example', true],
    ['fd00::/8', 'https://[fd00::1]', false],
    ['[fd00::1]:6443', 'https://[fd00::1]:6443', false],
    ['fd00::1', 'https://[fd00::1]', false],
    ['0.1', 'https://10.0.0.1', true],
  ] as const) {
    it(`is ${isThrough ? 'used' : 'none'} for ${server} where "${noProxy}" is reached directly`, () => {
      assert.equal(through(noProxy, server), isThrough);
    });
  }
});
