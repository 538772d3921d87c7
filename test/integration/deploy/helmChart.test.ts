import assert from 'node:assert/strict';
import { load } from 'js-yaml';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { version } from '../../../package.json';
import { isRecord, type JsonRecord } from '../../../src/base/jsonRecord';
import { parseServerArguments } from '../../../src/server/serverArguments';
import { runHelm } from '../../support/testbed/helm';
import { RealCluster } from '../../support/testbed/realCluster';
import { requireHelm, requireKubernetes } from '../../support/testbed/requireTool';
import { argumentsOf, at, chartFolder, EVERYTHING, kindOf, NAMESPACE, oneOf, renderChart } from './chart';

const MINIMAL_KINDS = [
  'ClusterRole',
  'ClusterRoleBinding',
  'Deployment',
  'NetworkPolicy',
  'PodDisruptionBudget',
  'Service',
  'ServiceAccount',
];

const tls = { secretName: 'hub-tls' };
const BY_CERTIFICATE = { auth: { mode: 'mtls', clientCaSecret: { name: 'people' } }, tls };
const BY_EITHER = { auth: { mode: 'kubernetes', clientCaSecret: { name: 'people' } }, tls };

describe('the chart of the hub', function () {
  this.timeout(120_000);
  let helm: string;

  before(function () {
    helm = requireHelm(this);
  });

  for (const [what, values] of [
    ['its defaults', {}],
    ['everything', EVERYTHING],
  ] as const) {
    it(`passes helm's own checks with ${what}`, async () => {
      const said = await runHelm(
        helm,
        ['lint', '--strict', '--values', '-', chartFolder()],
        JSON.stringify(values),
      );
      assert.match(said, /0 chart\(s\) failed/);
    });
  }

  it('makes what a hub needs, and the rest where it is asked for', async () => {
    const kinds = (objects: readonly JsonRecord[]): string[] => objects.map(kindOf).toSorted();
    assert.deepEqual(kinds(await renderChart(helm)), MINIMAL_KINDS);
    assert.deepEqual(
      kinds(await renderChart(helm, EVERYTHING)),
      [...MINIMAL_KINDS, 'HorizontalPodAutoscaler', 'Ingress'].toSorted(),
    );
    const bare = {
      rbac: { create: false },
      serviceAccount: { create: false, name: 'mine' },
      networkPolicy: { enabled: false },
      podDisruptionBudget: { enabled: false },
    };
    assert.deepEqual(kinds(await renderChart(helm, bare)), ['Deployment', 'Service']);
  });

  it('has the version of the hub', () => {
    const chart = load(readFileSync(join(chartFolder(), 'Chart.yaml'), 'utf8'));
    assert.deepEqual([at({ chart }, 'chart').version, at({ chart }, 'chart').appVersion], [version, version]);
  });

  it('starts the hub with arguments that it takes', async () => {
    const defaults = parseServerArguments(argumentsOf(await renderChart(helm)));
    assert.ok(typeof defaults === 'object');
    assert.deepEqual(defaults.sources, {
      type: 'inCluster',
      folder: '/var/run/secrets/kubernetes.io/serviceaccount',
      name: 'in-cluster',
    });
    assert.deepEqual(defaults.listen, { host: '0.0.0.0', port: 8787 });
    assert.deepEqual(defaults.auth, { type: 'token', file: '/etc/clusterpersona-hub/tokens/tokens' });
    const all = parseServerArguments(argumentsOf(await renderChart(helm, EVERYTHING)));
    assert.ok(typeof all === 'object');
    assert.equal(all.tls?.certFile, '/etc/clusterpersona-hub/tls/tls.crt');
    assert.deepEqual(all.allowedOrigins, ['https://portal.example.com']);
    assert.equal(all.logFormat, 'pretty');
    const reviewed = parseServerArguments(
      argumentsOf(await renderChart(helm, { auth: { mode: 'kubernetes', audience: 'hubs' } })),
    );
    assert.ok(typeof reviewed === 'object' && reviewed.auth.type === 'reviewed');
    assert.equal(reviewed.auth.tokens?.audience, 'hubs');
    const certified = parseServerArguments(argumentsOf(await renderChart(helm, BY_CERTIFICATE)));
    assert.ok(typeof certified === 'object' && certified.auth.type === 'reviewed');
    assert.deepEqual([certified.auth.certificates, certified.auth.tokens], [true, undefined]);
    assert.equal(certified.tls?.clientCaFile, '/etc/clusterpersona-hub/client-ca/ca.crt');
    const either = parseServerArguments(argumentsOf(await renderChart(helm, BY_EITHER)));
    assert.ok(typeof either === 'object' && either.auth.type === 'reviewed');
    assert.deepEqual([either.auth.certificates, either.auth.tokens?.audience], [true, 'clusterpersona-hub']);
    const open = parseServerArguments(argumentsOf(await renderChart(helm, { auth: { mode: 'none' } })));
    assert.ok(typeof open === 'object');
    assert.deepEqual(open.auth, { type: 'none' });
  });

  it('may ask what it has to know of whom it lets in, and no more', async () => {
    const asked = async (values: object): Promise<string[]> => {
      const { rules } = oneOf(await renderChart(helm, values), 'ClusterRole');
      return ['tokenreviews', 'subjectaccessreviews'].filter((name) => JSON.stringify(rules).includes(name));
    };
    assert.deepEqual(await asked({}), []);
    assert.deepEqual(await asked(BY_CERTIFICATE), ['subjectaccessreviews']);
    assert.deepEqual(await asked(BY_EITHER), ['tokenreviews', 'subjectaccessreviews']);
  });

  it('hands texts on as they are, whatever they mean in YAML', async () => {
    for (const name of ['prod #1', 'prod: eu', '"quoted"', '{{ .Values }}']) {
      const parsed = parseServerArguments(argumentsOf(await renderChart(helm, { clusterName: name })));
      assert.ok(typeof parsed === 'object' && parsed.sources.type === 'inCluster');
      assert.equal(parsed.sources.name, name);
    }
  });

  it('gives the hub longer to end than it takes, beside what load balancers need', async () => {
    const { spec } = at(oneOf(await renderChart(helm), 'Deployment'), 'spec', 'template');
    const { seconds } = at({ spec }, 'spec', 'containers', 0, 'lifecycle', 'preStop', 'sleep');
    const { terminationGracePeriodSeconds } = at({ spec }, 'spec');
    assert.ok(Number(terminationGracePeriodSeconds) >= Number(seconds) + 10 + 5);
  });

  it('adds replicas before one is full, and not for what one takes that nobody uses', async () => {
    const objects = await renderChart(helm, EVERYTHING);
    const { metrics } = at(oneOf(objects, 'HorizontalPodAutoscaler'), 'spec');
    const targets = new Map(
      (Array.isArray(metrics) ? metrics : []).map((metric: unknown) => [
        at(metric, 'resource').name,
        at(metric, 'resource', 'target').averageValue,
      ]),
    );
    const { memory } = at(
      oneOf(objects, 'Deployment'),
      'spec',
      'template',
      'spec',
      'containers',
      0,
      'resources',
      'limits',
    );
    const mebibytes = (quantity: unknown): number => Number(/^(\d+)Mi$/.exec(String(quantity))?.[1]);
    // 5,000 clients, as docs/scaling.md reckons.
    assert.ok(mebibytes(targets.get('memory')) > 204);
    assert.ok(mebibytes(targets.get('memory')) < mebibytes(memory));
    assert.equal(targets.get('cpu'), '700m');
  });

  for (const [what, values, message] of [
    ['a value that there is not', { replicas: 3 }, /replicas/],
    ['a way to let people in that there is not', { auth: { mode: 'password' } }, /auth/],
    ['a text for a number', { replicaCount: 'two' }, /replicaCount/],
    ['a path for an origin', { allowedOrigins: ['https://a.example/b'] }, /allowedOrigins/],
    ['an ingress without a host', { ingress: { enabled: true } }, /ingress.host is needed/],
    ['no authorities of certificates', { auth: { mode: 'mtls' }, tls }, /auth.clientCaSecret.name is needed/],
    [
      'certificates without TLS',
      { auth: { mode: 'mtls', clientCaSecret: { name: 'people' } } },
      /tls.secretName is needed/,
    ],
    [
      'certificates that nobody would look at',
      { auth: { mode: 'token', clientCaSecret: { name: 'people' } }, tls },
      /clientCaSecret is of use/,
    ],
    [
      'no name for an account that it does not make',
      { serviceAccount: { create: false } },
      /serviceAccount.name is needed/,
    ],
    [
      'less time to end than the hub takes',
      { terminationGracePeriodSeconds: 5 },
      /terminationGracePeriodSeconds/,
    ],
  ] as const) {
    it(`refuses ${what}`, async () => {
      await assert.rejects(renderChart(helm, values), message);
    });
  }

  describe('on a real API server', () => {
    let cluster: RealCluster;

    before(async function () {
      cluster = await RealCluster.start(requireKubernetes(this), { withCrd: true });
      await cluster.apply({
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name: NAMESPACE, labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
      });
    });
    after(() => cluster?.stop());

    const dryRun = (objects: readonly object[]): Promise<string> =>
      cluster.kubectl(
        ['apply', '--server-side', '--dry-run=server', '--validate=strict', '-f', '-'],
        JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }),
      );

    for (const [what, values] of [
      ['its defaults', {}],
      ['everything', EVERYTHING],
      ['nobody asked for a token', { auth: { mode: 'none' } }],
      ['whom the cluster knows', { auth: { mode: 'kubernetes' } }],
      ['whom a certificate names', BY_CERTIFICATE],
      ['whom either says', BY_EITHER],
      ['as little as can be', { rbac: { create: false }, networkPolicy: { enabled: false } }],
    ] as const) {
      it(`is accepted with ${what}`, async () => {
        const objects = await renderChart(helm, values);
        const said = await dryRun(objects);
        assert.equal(said.match(/serverside-applied \(server dry run\)/g)?.length, objects.length);
      });

      it(`makes pods that the restricted Pod Security Standard lets in, with ${what}`, async () => {
        const { metadata, spec } = at(
          oneOf(await renderChart(helm, values), 'Deployment'),
          'spec',
          'template',
        );
        assert.ok(isRecord(metadata) && isRecord(spec));
        // Nobody makes the account here, and the priority is taken from a class that must exist.
        const pod = {
          apiVersion: 'v1',
          kind: 'Pod',
          metadata: { ...metadata, name: 'hub', namespace: NAMESPACE },
          spec,
        };
        assert.match(await dryRun([pod]), /pod\/hub serverside-applied/);
        const { securityContext } = at(spec, 'containers', 0);
        const privileged = {
          ...pod,
          spec: {
            ...spec,
            containers: [
              {
                ...at(spec, 'containers', 0),
                securityContext: { ...at({ securityContext }, 'securityContext'), privileged: true },
              },
            ],
          },
        };
        await assert.rejects(dryRun([privileged]), /violates PodSecurity|allowPrivilegeEscalation/);
      });
    }
  });
});
