import assert from 'node:assert/strict';
import { CommandError } from '../support/testbed/command';
import { RealCluster } from '../support/testbed/realCluster';
import { requireKubernetes } from '../support/testbed/requireTool';

interface Persona {
  readonly spec: Readonly<Record<string, unknown>>;
  readonly status?: Readonly<Record<string, unknown>>;
}

function manifest(name: string, spec: object, rest: object = {}): object {
  return { apiVersion: 'dorgu.io/v1', kind: 'ClusterPersona', metadata: { name }, spec, ...rest };
}

describe('The ClusterPersona CRD on a real API server', function () {
  this.timeout(60_000);
  let cluster: RealCluster;

  before(async function () {
    cluster = await RealCluster.start(requireKubernetes(this), { withCrd: true });
  });

  after(() => cluster?.stop());

  /** What is stored after a plain create: unlike a strict kubectl apply, it lets unknown fields reach the server. */
  async function create(object: object): Promise<Persona> {
    const args = ['create', '--validate=ignore', '-f', '-', '-o', 'json'];
    return JSON.parse(await cluster.kubectl(args, JSON.stringify(object)));
  }

  async function get(name: string): Promise<Persona> {
    return JSON.parse(await cluster.kubectl(['get', 'clusterpersona', name, '-o', 'json']));
  }

  async function refusal(object: object): Promise<string> {
    const outcome = await create(object).then(
      () => 'accepted',
      (error: unknown) => (error instanceof CommandError ? error.stderr : String(error)),
    );
    return outcome;
  }

  it('is structural and established, with no complaint about its schema', async () => {
    const conditions = await cluster.kubectl([
      'get',
      'crd/clusterpersonas.dorgu.io',
      '-o',
      'jsonpath={range .status.conditions[*]}{.type}={.status};{end}',
    ]);
    assert.match(conditions, /Established=True/);
    assert.match(conditions, /NamesAccepted=True/);
    assert.doesNotMatch(conditions, /NonStructuralSchema=True/);
  });

  it('serves a cluster-scoped resource under its short name', async () => {
    const resources = await cluster.kubectl(['api-resources', '--api-group=dorgu.io', '--no-headers']);
    assert.match(resources, /^clusterpersonas\s+cper\s+dorgu\.io\/v1\s+false\s+ClusterPersona\s*$/);
  });

  it('defaults the environment, and policies only where their parent is given', async () => {
    const bare = await create(manifest('bare', { name: 'Bare' }));
    assert.deepEqual(bare.spec, { name: 'Bare', environment: 'development' });

    const secured = await create(manifest('secured', { name: 'Secured', policies: { security: {} } }));
    assert.deepEqual(secured.spec['policies'], {
      security: {
        enforceNonRoot: true,
        enforceReadOnlyRoot: false,
        disallowPrivileged: true,
        podSecurityStandard: 'baseline',
      },
    });

    const networked = await create(
      manifest('networked', { name: 'Networked', policies: { networking: {} } }),
    );
    assert.deepEqual(networked.spec['policies'], { networking: {} });
  });

  it('refuses a value outside an enum, and names the field', async () => {
    const refused = await refusal(manifest('wrong-enum', { name: 'Wrong', environment: 'prod' }));
    assert.match(refused, /spec\.environment/);
    assert.match(refused, /"prod"/);
  });

  it('refuses a persona without a name to show', async () => {
    assert.match(await refusal(manifest('nameless', {})), /spec\.name/);
  });

  it('prunes fields it does not know', async () => {
    const stored = await create(manifest('pruned', { name: 'Pruned', favouriteColour: 'blue' }));
    assert.deepEqual(stored.spec, { name: 'Pruned', environment: 'development' });
  });

  it('takes the status through its subresource only', async () => {
    const created = await create(manifest('statused', { name: 'Statused' }, { status: { phase: 'Ready' } }));
    assert.equal(created.status, undefined);

    await cluster.patchStatus('statused', { phase: 'Ready', applicationCount: 3 });
    assert.deepEqual((await get('statused')).status, { phase: 'Ready', applicationCount: 3 });

    await cluster.apply(manifest('statused', { name: 'Renamed' }));
    const renamed = await get('statused');
    assert.equal(renamed.spec['name'], 'Renamed');
    assert.deepEqual(renamed.status, { phase: 'Ready', applicationCount: 3 });
  });

  it('stores a full status as an operator writes it', async () => {
    const status = {
      phase: 'Degraded',
      lastDiscovery: '2026-03-01T12:00:00Z',
      nodes: [
        {
          name: 'node-1',
          role: 'worker',
          ready: false,
          capacity: { cpu: '8', memory: '32Gi', pods: '110', ephemeralStorage: '1Ti' },
          allocatable: { cpu: '7910m', memory: '31Gi', pods: 110 },
          taints: ['dedicated=infra:NoSchedule'],
          labels: { 'kubernetes.io/arch': 'amd64' },
          kubeletVersion: 'v1.34.2+k3s1',
          containerRuntime: 'containerd://2.1.0',
        },
      ],
      resourceSummary: { totalCPU: '8', totalMemory: '32Gi', totalPods: 110, runningPods: 7 },
      addons: [{ name: 'ingress-nginx', type: 'ingress', installed: true, namespace: 'ingress-nginx' }],
      namespaces: { total: 9, withPersonas: 2 },
      kubernetesVersion: 'v1.34.2+k3s1',
      platform: 'k3s',
      conditions: [
        {
          type: 'Healthy',
          status: 'False',
          reason: 'NodesNotReady',
          message: '1 of 1 nodes is not ready',
          lastTransitionTime: '2026-03-01T12:00:00Z',
        },
      ],
    };
    await create(manifest('full', { name: 'Full', environment: 'production' }));
    await cluster.patchStatus('full', status);
    assert.deepEqual((await get('full')).status, status);
  });

  it('prints columns that mean what their headers say', async () => {
    await create(manifest('printed', { name: 'Printed', environment: 'staging' }));
    await cluster.patchStatus('printed', {
      phase: 'Ready',
      resourceSummary: { totalPods: 880, runningPods: 41 },
    });
    const [header = '', row = ''] = (await cluster.kubectl(['get', 'cper', 'printed', '-o', 'wide'])).split(
      '\n',
    );
    assert.match(
      header,
      /^NAME\s+ENVIRONMENT\s+PHASE\s+HEALTHY\s+VERSION\s+PLATFORM\s+RUNNING PODS\s+POD CAPACITY/,
    );
    assert.match(row, /^printed\s+staging\s+Ready\s+41\s+880\s/);
  });
});
