import assert from 'node:assert/strict';
import { parseServerArguments } from '../../../src/server/serverArguments';

const DEFAULTS = {
  sources: { type: 'demo' },
  listen: { host: '127.0.0.1', port: 8787 },
  auth: { type: 'none' },
  allowedOrigins: [],
  logFormat: 'json',
  maxConnections: 10_000,
  maxConnectionsPerPeer: 1_000,
  maxRequestsPerPeer: 200,
};

const parse = (line: string) => parseServerArguments(line.split(' '));

describe('the arguments of the hub', () => {
  it('serve the demo on a loopback address where nothing else is said', () => {
    assert.deepEqual(parse('--demo'), DEFAULTS);
  });

  it('can all be given', () => {
    assert.deepEqual(
      parse(
        '--kubeconfig k --context a --context b --context a --listen [::]:80 --tls-cert c --tls-key d --auth token --token-file t --allowed-origin https://one.example --allowed-origin http://two.example:8080/ --compat-source a --log-format pretty --max-connections 5 --max-connections-per-peer 2 --max-requests-per-peer 3 --log-spill s --log-spill-megabytes 3',
      ),
      {
        sources: { type: 'kubeconfig', file: 'k', contexts: ['a', 'b'] },
        listen: { host: '::', port: 80 },
        tls: { certFile: 'c', keyFile: 'd' },
        auth: { type: 'token', file: 't' },
        allowedOrigins: ['https://one.example', 'http://two.example:8080'],
        compatSource: 'a',
        logSpill: { folder: 's', maxBytes: 3 * 1024 * 1024 },
        logFormat: 'pretty',
        maxConnections: 5,
        maxConnectionsPerPeer: 2,
        maxRequestsPerPeer: 3,
      },
    );
  });

  it('are of the cluster that the hub runs in where they name no other', () => {
    const { sources: _, ...others } = DEFAULTS;
    const inCluster = (folder: string, name: string) => ({
      sources: { type: 'inCluster', folder, name },
      ...others,
    });
    assert.deepEqual(
      parse('--auth none'),
      inCluster('/var/run/secrets/kubernetes.io/serviceaccount', 'in-cluster'),
    );
    assert.deepEqual(parse('--service-account d --cluster-name n'), inCluster('d', 'n'));
  });

  it('let in whom a cluster knows, or who has a certificate, or both', () => {
    const authOf = (line: string) => {
      const parsed = parse(`--kubeconfig k --listen 0.0.0.0:1 ${line}`);
      assert.ok(typeof parsed === 'object');
      return { auth: parsed.auth, tls: parsed.tls };
    };
    const tls = { certFile: 'c', keyFile: 'd', clientCaFile: 'a' };
    assert.deepEqual(authOf('--auth kubernetes').auth, {
      type: 'reviewed',
      tokens: { audience: 'clusterpersona-hub', takesApiServerTokens: false },
      certificates: false,
      recheckMs: 60_000,
    });
    assert.deepEqual(authOf('--auth mtls --tls-cert c --tls-key d --tls-client-ca a'), {
      auth: { type: 'reviewed', certificates: true, recheckMs: 60_000 },
      tls,
    });
    assert.deepEqual(
      authOf(
        '--auth kubernetes --auth mtls --tls-cert c --tls-key d --tls-client-ca a --audience h --allow-api-server-tokens --auth-context b --recheck 5',
      ),
      {
        auth: {
          type: 'reviewed',
          tokens: { audience: 'h', takesApiServerTokens: true },
          certificates: true,
          context: 'b',
          recheckMs: 5_000,
        },
        tls,
      },
    );
  });

  it('name other hubs to serve the clusters of, alone or beside others, each with the token file behind it', () => {
    const { sources: _, ...rest } = DEFAULTS;
    assert.deepEqual(
      parse(
        '--hub https://One.example/ --hub-token-file t --hub http://127.0.0.1:9000 --hub https://two.example/x',
      ),
      {
        ...rest,
        sources: { type: 'none' },
        hubs: [
          { url: 'https://one.example', label: 'one.example', tokenFile: 't' },
          { url: 'http://127.0.0.1:9000', label: '127.0.0.1:9000' },
          { url: 'https://two.example/x', label: 'two.example/x' },
        ],
      },
    );
    assert.deepEqual(parse('--demo --hub https://one.example'), {
      ...DEFAULTS,
      hubs: [{ url: 'https://one.example', label: 'one.example' }],
    });
  });

  for (const [line, message] of [
    ['--hub one.example', /takes the address of a hub/],
    ['--hub https://jane:hunter22@one.example', /without credentials/],
    ['--hub https://one.example?token=hunter22', /without credentials/],
    ['--hub https://one.example --hub https://ONE.example/', /named twice/],
    ['--demo --hub-token-file t', /stands behind the --hub/],
    ['--hub https://one.example --hub-token-file t --hub-token-file u', /stands behind the --hub/],
    ['--hub http://one.example --hub-token-file t', /in the clear/],
    ['--context a --hub https://one.example', /--context needs --kubeconfig/],
  ] as const) {
    it(`are refused where they say ${line}`, () => {
      assert.throws(
        () => parse(line),
        (error) =>
          error instanceof Error && message.test(error.message) && !error.message.includes('hunter22'),
      );
    });
  }

  it('may ask for help or the version, whatever else they say', () => {
    assert.equal(parse('--listen nonsense --help'), 'help');
    assert.equal(parse('--version'), 'version');
  });

  for (const host of ['127.0.0.1', '127.8.9.1', '[::1]', 'localhost']) {
    it(`let everybody in on ${host}, which only this machine reaches`, () => {
      assert.doesNotThrow(() => parse(`--demo --listen ${host}:1`));
    });
  }

  for (const host of ['0.0.0.0', '[::]', '10.0.0.1', 'hub.example.com', '127.example.com']) {
    it(`let everybody in on ${host} only where that is said`, () => {
      assert.throws(() => parse(`--demo --listen ${host}:1`), {
        name: 'StartError',
        message: /--insecure-no-auth-anywhere/,
      });
      assert.doesNotThrow(() => parse(`--demo --listen ${host}:1 --insecure-no-auth-anywhere`));
      assert.doesNotThrow(() => parse(`--demo --listen ${host}:1 --auth token --token-file t`));
    });
  }

  for (const [line, message] of [
    ['', /Unexpected argument/],
    ['--context a', /--context needs --kubeconfig/],
    ['--demo --cluster-name a', /leave out --demo and --kubeconfig/],
    ['--kubeconfig k --service-account d', /leave out --demo and --kubeconfig/],
    ['--cluster-name=', /--cluster-name needs a value/],
    ['--demo --kubeconfig k', /leave out --kubeconfig/],
    ['--demo --context a', /leave out --kubeconfig and --context/],
    ['--demo --port 1', /Unknown option '--port'/],
    ['--demo serve', /Unexpected argument/],
    ['--demo --listen 8787', /--listen takes HOST:PORT/],
    ['--demo --listen 127.0.0.1:65536', /--listen takes HOST:PORT/],
    ['--demo --listen [localhost]:1', /--listen takes HOST:PORT/],
    ['--demo --tls-cert c', /go together/],
    ['--demo --tls-key c', /go together/],
    ['--demo --auth ldap', /--auth is one of none, token, kubernetes, mtls, not "ldap"/],
    ['--demo --auth kubernetes', /the demo cluster knows nobody/],
    ['--kubeconfig k --auth kubernetes --auth token --token-file t', /only kubernetes and mtls go together/],
    ['--kubeconfig k --auth none --auth mtls', /only kubernetes and mtls go together/],
    ['--demo --auth none --auth token --token-file t', /not both/],
    ['--kubeconfig k --auth mtls', /needs --tls-client-ca/],
    ['--kubeconfig k --auth mtls --tls-client-ca a', /needs --tls-cert and --tls-key/],
    ['--kubeconfig k --auth kubernetes --tls-client-ca a', /of no use without --auth mtls/],
    ['--kubeconfig k --auth kubernetes --token-file t', /of no use without --auth token/],
    ['--kubeconfig k --auth mtls --audience a', /of no use without --auth kubernetes/],
    ['--demo --allow-api-server-tokens', /of no use without --auth kubernetes/],
    ['--demo --auth-context a', /of no use without --auth kubernetes or mtls/],
    ['--demo --recheck 5', /of no use without --auth kubernetes or mtls/],
    ['--kubeconfig k --auth kubernetes --recheck 0', /whole number from 1 to 60/],
    ['--kubeconfig k --auth kubernetes --recheck 61', /whole number from 1 to 60/],
    ['--demo --auth token', /needs --token-file/],
    ['--demo --token-file t', /of no use without --auth token/],
    ['--demo --allowed-origin *', /--allowed-origin takes an origin/],
    ['--demo --allowed-origin null', /--allowed-origin takes an origin/],
    ['--demo --allowed-origin https://a.example/path', /--allowed-origin takes an origin/],
    ['--demo --allowed-origin https://user@a.example', /--allowed-origin takes an origin/],
    ['--demo --log-spill-megabytes 1', /of no use without --log-spill/],
    ['--demo --log-spill s --log-spill-megabytes 0', /--log-spill-megabytes takes a whole number/],
    ['--demo --log-format xml', /--log-format is one of json, pretty/],
    ['--demo --max-connections 0', /--max-connections takes a whole number/],
    ['--demo --max-requests-per-peer 0', /--max-requests-per-peer takes a whole number/],
    ['--demo --max-connections-per-peer 1e3', /--max-connections-per-peer takes a whole number/],
    ['--kubeconfig=', /--kubeconfig needs a value/],
    ['--kubeconfig k --context=', /--context needs a value/],
  ] as const) {
    it(`are refused where they say "${line}"`, () => {
      assert.throws(() => parse(line), { name: 'StartError', message });
    });
  }
});
