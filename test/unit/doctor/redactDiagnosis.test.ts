import assert from 'node:assert/strict';
import type { CheckResult, Diagnosis, PrivateName } from '../../../src/doctor/diagnosis';
import { redactDiagnosis } from '../../../src/doctor/redactDiagnosis';
import { diagnosisMarkdown } from '../../../src/extension/diagnosis/diagnosisMarkdown';

const diagnosisOf = (label: string, ...results: CheckResult[]): Diagnosis => ({
  label,
  startedAt: Date.UTC(2026, 0, 1),
  results,
});
const passed = (details: readonly string[], names: readonly PrivateName[] = []): CheckResult => ({
  id: 'kubeconfig',
  outcome: 'passed',
  durationMs: 1,
  details,
  names,
});
const failed = (detail: string, names: readonly PrivateName[] = []): CheckResult => ({
  id: 'list',
  outcome: 'failed',
  durationMs: 1,
  problem: { code: 'forbidden', detail },
  details: [],
  names,
});

/** The details as they leave the machine. */
function lines(details: readonly string[], names: readonly PrivateName[] = []): readonly string[] {
  return redactDiagnosis(diagnosisOf('label-of-it', passed(details, names))).results[0]?.details ?? [];
}
const line = (text: string, ...names: PrivateName[]): string => lines([text], names)[0] ?? '';

const JWT = `eyJhbGciOiJSUzI1NiJ9.${'a1'.repeat(30)}.sig-_1`;
const PEM = '-----BEGIN CERTIFICATE-----\nMIIBSECRETBODY\n-----END CERTIFICATE-----';
const KEY = '-----BEGIN EC PRIVATE KEY-----\nMIIBSECRETKEY\n-----END EC PRIVATE KEY-----';

/** Whatever must not come out, with a piece of it that would give it away. */
const SECRETS: readonly (readonly [string, string])[] = [
  [JWT, 'eyJ'],
  [`Authorization: Bearer ${JWT}`, 'a1a1'],
  ['Bearer hunter22', 'hunter22'],
  ['token=hunter22', 'hunter22'],
  ['--client-secret=hunter22', 'hunter22'],
  ['AWS_SECRET_ACCESS_KEY=hunter22', 'hunter22'],
  ['{"refresh_token":"hunter22"}', 'hunter22'],
  [PEM, 'SECRETBODY'],
  [KEY, 'SECRETKEY'],
  ['https://jane:hunter22@prod.acme.example:6443/x', 'hunter22'],
  ['socks5://jane:hunter22@10.1.2.3:1080', 'hunter22'],
  ['socks5://jane:hunt:er/22@10.1.2.3:1080', 'hunt'],
  ['--token hunter22', 'hunter22'],
  ['Cookie: sid=hunter22', 'hunter22'],
  ['unknown token abcdef.0123456789abcdef', '0123456789abcdef'],
  ['wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY', 'K7MDENG'],
  ['cGFzc3dvcmQ6aHVudGVyMjI0NTY3ODkwYWJjZGVm', 'cGFzc3dvcmQ6'],
];
const NAMES: readonly (readonly [string, string])[] = [
  ['getaddrinfo ENOTFOUND prod.acme.example', 'acme'],
  ['https://prod.acme.example:6443', 'acme'],
  ['https://bare-host:6443/k8s/clusters/c-m-abcd', 'c-m-abcd'],
  ['https://bare-host:6443', 'bare-host'],
  ['connect ECONNREFUSED 10.20.30.40:6443', '10.20.30.40'],
  ['connect ECONNREFUSED fd00:12:34::a1:6443', 'fd00'],
  ['connect ETIMEDOUT ::ffff:10.20.30.40', '10.20.30.40'],
  ['https://[fd00:12:34::a1]:6443', 'fd00'],
  ['fe80::1%eth0', 'fe80'],
  ['User "jane" cannot list resource "clusterpersonas"', 'jane'],
  ['User "system:serviceaccount:team-a:deployer" cannot list', 'team-a'],
  ['system:serviceaccount:team-a:deployer', 'deployer'],
  ['oidc:jane.doe@acme.example is not allowed', 'jane'],
  ['pods is forbidden in the namespace "team-a"', 'team-a'],
  ['GET /api/v1/namespaces/team-a/pods answered 403', 'team-a'],
  ['there is no context "prod-eu"', 'prod-eu'],
  ['/home/jane/.kube/config is malformed', 'jane'],
  ['~/.kube/config.d/acme is missing', 'acme'],
  ['file:///home/jane/.kube/config', 'jane'],
  ['../jane/ca.crt cannot be read', 'jane'],
  [String.raw`C:\Users\jane\.kube\config is unreadable`, 'jane'],
  ['arn:aws:eks:eu-west-1:123456789012:cluster/prod', '123456789012'],
  ['the OIDC issuer cannot be asked: getaddrinfo ENOTFOUND login.acme.example', 'acme'],
  ['User jane cannot list', 'jane'],
  ['username: jane', 'jane'],
  ['user=jane', 'jane'],
  ["the user 'jane' is unknown", 'jane'],
  ['the user “jane” is unknown', 'jane'],
  ['the user `jane` is unknown', 'jane'],
  ['the user "‹jane›" is unknown', 'jane'],
  ['user=‹jane›', 'jane'],
  [String.raw`the user "d\"jane" is unknown`, 'jane'],
  ['CN=jane', 'jane'],
  [String.raw`ACME\jane may not`, 'jane'],
  [String.raw`\\files\home\jane is not there`, 'jane'],
  ['namespaces team-a not found', 'team-a'],
  ['nothing in namespace team-a', 'team-a'],
  ['namespace=team-a', 'team-a'],
  ['serviceaccount team-a/deployer', 'team-a'],
  ['cluster_name=prod-eu', 'prod-eu'],
  ['cluster prod-eu not found', 'prod-eu'],
  ['getaddrinfo ENOTFOUND bare-host', 'bare-host'],
  ['dial tcp: lookup bare-host on 10.20.30.40:53: no such host', 'bare-host'],
  ['bare-host:6443 refused', 'bare-host'],
  ["Host: bare-host. is not in the cert's altnames", 'bare-host'],
  ["Host: prod.acme.example. is not in the cert's altnames: DNS:other.acme.example", 'acme'],
];

describe('a diagnosis that leaves the machine', () => {
  describe('holds no secret and no name, wherever it stands', () => {
    for (const [text, piece] of [...SECRETS, ...NAMES]) {
      it(`such as ${text.slice(0, 60).replaceAll('\n', ' ')}`, () => {
        for (const said of [text, `It said: ${text}, and went on`, `(${text})`, `a "${text}" b`]) {
          const redacted = redactDiagnosis(diagnosisOf('prod', passed([said]), failed(said)));
          const report = diagnosisMarkdown(redacted, []);
          assert.ok(!report.includes(piece), report);
          assert.ok(!JSON.stringify(redacted).includes(piece));
        }
      });
    }
  });

  it('holds nothing of all of it at once', () => {
    const all = [...SECRETS, ...NAMES];
    const text = all.map(([said]) => said);
    const report = diagnosisMarkdown(
      redactDiagnosis(diagnosisOf('prod', passed(text), failed(text.join('; ')))),
      [],
    );
    for (const [, piece] of all) {
      assert.ok(!report.includes(piece), piece);
    }
  });

  it('cuts a line that is too long between two words', () => {
    const long = line(`${'x '.repeat(1_999)}api.acme.example`, { kind: 'host', text: 'api.acme.example' });
    assert.ok(!long.includes('api') && long.length <= 2_000);
  });

  it('holds no half of a name where the text was cut before it came', () => {
    const names: PrivateName[] = [
      { kind: 'user', text: 'jane-o-neil' },
      { kind: 'name', text: 'Acme Corporation Ltd' },
    ];
    for (const said of [
      'it does not know jane-o-ne…',
      'User "jane-o-n…',
      'User "jane o nei…',
      'Issued by Acme Corporation L…',
      'Issued by Acme Corp…',
      'getaddrinfo ENOTFOUND api.acme…',
    ]) {
      const redacted = line(said, ...names);
      assert.doesNotMatch(redacted, /jane|acme|corp/i, said);
      assert.ok(redacted.includes('…') || redacted.includes('‹'), redacted);
    }
  });

  it('replaces the names that the checks knew, by any letter case and as whole words only', () => {
    assert.equal(
      line('User Jane of JANE, janet and jane-doe', { kind: 'user', text: 'jane' }),
      'User ‹user1› of ‹user1›, janet and ‹user1›-doe',
    );
    assert.equal(
      line('Issued by O=Acme (EU), for all', { kind: 'name', text: 'Acme (EU)' }),
      'Issued by O=‹name2›, for all',
    );
  });

  it('leaves nothing of a name that begins like another', () => {
    const names: PrivateName[] = [
      { kind: 'host', text: 'api' },
      { kind: 'host', text: 'api.acme' },
      { kind: 'host', text: 'api.acme.example' },
    ];
    assert.equal(line('api.acme.example, api.acme, api', ...names), '‹host3›, ‹host2›, ‹host1›');
  });

  it('gives the same name the same placeholder in every line and problem', () => {
    const { label, results } = redactDiagnosis(
      diagnosisOf(
        'prod',
        passed(['Server https://a.example:6443', 'Context prod'], [{ kind: 'host', text: 'a.example' }]),
        failed('getaddrinfo ENOTFOUND a.example and b.example'),
      ),
    );
    assert.equal(label, '‹name1›');
    assert.deepEqual(results[0]?.details, ['Server https://‹host1›:6443', 'Context ‹name1›']);
    const [, last] = results;
    assert.ok(last?.outcome === 'failed');
    assert.equal(last.problem.detail, 'getaddrinfo ENOTFOUND ‹host1› and ‹host2›');
  });

  it('takes no name for a placeholder, however it is written', () => {
    const redacted = redactDiagnosis(
      diagnosisOf('‹prod›', passed(['Context ‹prod› of ‹jane›'], [{ kind: 'user', text: '‹jane›' }])),
    );
    assert.deepEqual(redacted.results[0]?.details, ['Context ‹name1› of ‹user1›']);
    assert.equal(redacted.label, '‹name1›');
    assert.equal(line('a program said: token ‹redacted›'), 'a program said: token ‹redacted›');
  });

  it('no longer lists the names themselves', () => {
    const redacted = redactDiagnosis(diagnosisOf('prod', passed([], [{ kind: 'user', text: 'jane' }])));
    assert.ok(!JSON.stringify(redacted).includes('jane'));
  });

  it('keeps what helps', () => {
    for (const text of [
      'Kubernetes v1.36.3-eks-db838b0, linux/amd64',
      'TLSv1.3, TLS_AES_256_GCM_SHA384',
      'Valid from 2026-01-01T10:20:30Z to 2027-01-01T10:20:30Z',
      'Server 2026-01-01T00:00:00.000Z, here 2026-01-01T00:00:00.120Z',
      'clusterpersonas.dorgu.io v1: get, list, watch',
      'list clusterpersonas.dorgu.io: yes',
      'get pods/log: no',
      'HTTP 404: 404 page not found',
      '/apis/dorgu.io/v1 is served without clusterpersonas',
      'Groups system:masters, system:authenticated',
      'cannot list resource "clusterpersonas" in API group "dorgu.io" at the cluster scope',
      'For DNS:localhost, DNS:kubernetes.default.svc',
      'connect ECONNREFUSED',
      'the user has both exec and auth-provider',
      "the user's exec names no command",
      'the context names no cluster',
      'the watch was to end after 2 s, and had not after 8 s',
      'CONNECT answered with HTTP 200',
      'Signs in with a token and a client certificate',
      'Credentials from the program aws',
    ]) {
      assert.equal(line(text), text);
    }
  });

  it('takes its time in proportion on hostile text', () => {
    const started = performance.now();
    const quotes = ['"', "'", '“', 'namespace "', '\\"'];
    const words = ['user is ', 'CN=', '--token ', 'token-', 'a.', 'a@', 'a\\', 'aA1/'];
    const signs = [':', '/', '://', '1.1.1.', 'x:10', '‹', 'C:\\'];
    for (const piece of [...quotes, ...words, ...signs]) {
      line(piece.repeat(100_000));
      line(`${piece.repeat(1_000)} `.repeat(4));
    }
    assert.ok(performance.now() - started < 2_000, `${performance.now() - started} ms`);
  });

  it('keeps how views are served, which names nothing', () => {
    const realtime = {
      eventLoopUtilisation: 0.25,
      heapFraction: 0.5,
      views: [
        {
          view: 'detail' as const,
          isVisible: true,
          rate: 80,
          queued: 3,
          dropped: 0,
          credits: 7,
          framesSent: 12,
          fps: undefined,
        },
      ],
    };
    const redacted = redactDiagnosis({ ...diagnosisOf('prod-eu', passed([])), realtime });
    assert.deepEqual(redacted.realtime, realtime);
    const text = diagnosisMarkdown(redacted, []);
    assert.ok(text.includes('Event loop at work: 25 % · Heap in use: 50 %'), text);
    assert.ok(text.includes('| Detail panel | 80 | 12 | 3 | 0 | 7 | unknown |'), text);
  });
});
