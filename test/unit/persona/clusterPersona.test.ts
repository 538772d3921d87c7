import assert from 'node:assert/strict';
import { decodePersona } from '../../../src/persona/clusterPersona';

describe('decodePersona', () => {
  it('keeps every field of a complete object', () => {
    const persona = decodePersona({
      metadata: {
        name: 'eu-west-1',
        uid: 'u-1',
        resourceVersion: '42',
        creationTimestamp: '2025-03-01T10:00:00Z',
        labels: { tier: 'one' },
      },
      spec: {
        name: 'EU West',
        description: 'Payments',
        environment: 'production',
        policies: {
          security: {
            enforceNonRoot: true,
            enforceReadOnlyRoot: false,
            disallowPrivileged: true,
            allowedRegistries: ['ghcr.io/acme'],
            podSecurityStandard: 'restricted',
          },
          networking: {
            defaultDenyIngress: true,
            defaultDenyEgress: false,
            allowedExternalCIDRs: ['10.0.0.0/8'],
          },
          compliance: ['SOC 2'],
        },
        conventions: {
          namingPattern: '^[a-z]+$',
          namespacePrefix: 'acme-',
          requiredLabels: ['team'],
          requiredAnnotations: ['owner'],
        },
        defaults: {
          namespace: 'apps',
          registry: 'ghcr.io/acme',
          resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { cpu: '1', memory: '1Gi' } },
          scaling: { minReplicas: 2, maxReplicas: 10, targetCPU: 70 },
        },
        resourceQuotas: {
          maxPodsPerNamespace: 100,
          maxPVCsPerNamespace: 10,
          maxCPUPerNamespace: '20',
          maxMemoryPerNamespace: '64Gi',
        },
      },
      status: {
        phase: 'Ready',
        lastDiscovery: '2026-01-01T00:00:00Z',
        nodes: [
          {
            name: 'n-1',
            role: 'worker',
            ready: true,
            capacity: { cpu: '8', memory: '32Gi', pods: '110', ephemeralStorage: '80Gi' },
            allocatable: { cpu: '7910m', memory: '31Gi', pods: 110 },
            taints: ['dedicated=gpu:NoSchedule'],
            labels: { zone: 'a' },
            kubeletVersion: 'v1.34.2',
            containerRuntime: 'containerd://2.1.4',
          },
        ],
        resourceSummary: { totalCPU: '8', totalPods: 110, runningPods: 12, cpuUtilization: '31%' },
        addons: [
          {
            name: 'argocd',
            type: 'gitops',
            installed: true,
            version: '3.1.4',
            namespace: 'argocd',
            healthy: true,
          },
        ],
        namespaces: { total: 5, active: 4, withPersonas: 1 },
        kubernetesVersion: 'v1.34.2',
        platform: 'EKS',
        applicationCount: 47,
        conditions: [
          {
            type: 'Healthy',
            status: 'True',
            reason: 'AllNodesReady',
            message: '1/1 nodes ready',
            lastTransitionTime: '2026-01-01T00:00:00Z',
          },
        ],
      },
    });
    assert.equal(persona.name, 'eu-west-1');
    assert.equal(persona.phase, 'Ready');
    assert.equal(persona.metadata.resourceVersion, '42');
    assert.deepEqual(persona.metadata.labels, { tier: 'one' });
    assert.equal(persona.spec.environment, 'production');
    assert.equal(persona.spec.policies?.security?.podSecurityStandard, 'restricted');
    assert.equal(persona.spec.policies?.security?.enforceReadOnlyRoot, false);
    assert.deepEqual(persona.spec.policies?.networking?.allowedExternalCIDRs, ['10.0.0.0/8']);
    assert.deepEqual(persona.spec.policies?.compliance, ['SOC 2']);
    assert.deepEqual(persona.spec.conventions?.requiredAnnotations, ['owner']);
    assert.equal(persona.spec.defaults?.resources?.limits?.memory, '1Gi');
    assert.equal(persona.spec.defaults?.scaling?.targetCPU, 70);
    assert.equal(persona.spec.resourceQuotas?.maxPVCsPerNamespace, 10);
    const [node] = persona.status?.nodes ?? [];
    assert.equal(node?.ready, true);
    assert.equal(node?.allocatable?.cpu, '7910m');
    assert.equal(node?.allocatable?.pods, '110', 'a plain number is a quantity too');
    assert.deepEqual(node?.taints, ['dedicated=gpu:NoSchedule']);
    assert.equal(persona.status?.resourceSummary?.runningPods, 12);
    assert.equal(persona.status?.addons?.[0]?.type, 'gitops');
    assert.equal(persona.status?.namespaces?.withPersonas, 1);
    assert.equal(persona.status?.applicationCount, 47);
    assert.equal(persona.status?.conditions?.[0]?.status, 'True');
    assert.deepEqual(persona.status?.unreadable, { nodes: 0, addons: 0, conditions: 0 });
  });

  it('calls a cluster without a status not discovered', () => {
    const persona = decodePersona({ metadata: { name: 'new' }, spec: { name: 'new' } });
    assert.equal(persona.phase, 'NotDiscovered');
    assert.equal(persona.status, undefined);
    assert.equal(decodePersona({ metadata: { name: 'new' }, status: {} }).phase, 'NotDiscovered');
  });

  it('calls a phase it has no word for, and one missing after a discovery, unknown', () => {
    assert.equal(decodePersona({ status: { phase: 'Hibernating' } }).phase, 'Unknown');
    assert.equal(
      decodePersona({ status: { phase: 'NotDiscovered' } }).phase,
      'Unknown',
      'that word is not theirs',
    );
    assert.equal(decodePersona({ status: { lastDiscovery: '2026-01-01T00:00:00Z' } }).phase, 'Unknown');
    assert.equal(decodePersona({ status: { phase: 7, nodes: [] } }).phase, 'Unknown');
  });

  it('calls a status that is there but cannot be read unknown', () => {
    const status = {
      phase: 7,
      lastDiscovery: 12,
      nodes: 'many',
      resourceSummary: [],
      addons: 1,
      conditions: {},
    };
    const persona = decodePersona({ metadata: { name: 'odd' }, status });
    assert.equal(persona.phase, 'Unknown');
    assert.ok(persona.status?.unreadableFields.has('nodes'));
    assert.equal(decodePersona({ status: { platform: 4 } }).phase, 'Unknown');
    assert.equal(decodePersona({ status: 'x' }).phase, 'Unknown');
    assert.equal(decodePersona({ status: [] }).phase, 'Unknown');
    const empty = { phase: '', lastDiscovery: null, nodes: null };
    assert.equal(decodePersona({ status: empty }).phase, 'NotDiscovered');
  });

  it('tells a count that cannot be read from one that is left out', () => {
    const fieldsOf = (status: object): readonly string[] => [
      ...(decodePersona({ status: { phase: 'Ready', ...status } }).status?.unreadableFields ?? []),
    ];
    assert.deepEqual(fieldsOf({ resourceSummary: { runningPods: 1.5 } }), ['runningPods']);
    assert.deepEqual(fieldsOf({ resourceSummary: 'big' }), ['resourceSummary', 'runningPods']);
    assert.deepEqual(fieldsOf({ applicationCount: -3 }), ['applicationCount']);
    assert.deepEqual(fieldsOf({ resourceSummary: {}, addons: null }), []);
    assert.deepEqual(fieldsOf({ resourceSummary: { runningPods: 0 }, applicationCount: 0 }), []);
  });

  it('leaves out what has the wrong type, and nothing beside it', () => {
    const persona = decodePersona({
      metadata: { name: 'odd', labels: { good: 'yes', bad: 1 }, creationTimestamp: 'yesterday' },
      spec: {
        name: 5,
        description: 'kept',
        environment: 'qa',
        policies: { security: { enforceNonRoot: 'true', allowedRegistries: 'ghcr.io' }, networking: [] },
      },
      status: {
        phase: 'Ready',
        lastDiscovery: 12,
        resourceSummary: { totalPods: '110', runningPods: -1, totalCPU: {}, totalMemory: '1Gi' },
        nodes: [{ name: 'a', ready: 'yes', capacity: 'big', taints: ['x:NoSchedule', 4] }],
        namespaces: { total: 1.5, active: 2 },
        conditions: 'none',
      },
    });
    assert.deepEqual(persona.metadata.labels, { good: 'yes' });
    assert.equal(persona.metadata.creationTimestamp, undefined);
    assert.equal(persona.spec.name, undefined);
    assert.equal(persona.spec.description, 'kept');
    assert.equal(persona.spec.environment, undefined);
    assert.equal(persona.spec.policies?.security?.enforceNonRoot, undefined);
    assert.equal(persona.spec.policies?.security?.allowedRegistries, undefined);
    assert.equal(persona.spec.policies?.networking, undefined);
    assert.equal(persona.status?.lastDiscovery, undefined);
    assert.equal(persona.status?.resourceSummary?.totalPods, undefined);
    assert.equal(persona.status?.resourceSummary?.runningPods, undefined);
    assert.equal(persona.status?.resourceSummary?.totalCPU, undefined);
    assert.equal(persona.status?.resourceSummary?.totalMemory, '1Gi');
    assert.equal(persona.status?.nodes?.[0]?.ready, undefined);
    assert.deepEqual(persona.status?.nodes?.[0]?.taints, ['x:NoSchedule']);
    assert.equal(persona.status?.namespaces?.total, undefined);
    assert.equal(persona.status?.namespaces?.active, 2);
    assert.equal(persona.status?.conditions, undefined);
  });

  it('counts entries it cannot read and shows the others', () => {
    const persona = decodePersona({
      metadata: { name: 'half' },
      status: {
        phase: 'Ready',
        nodes: [null, { name: 'a', ready: true }, 'node', { ready: true }, { name: 'b' }],
        addons: [{ installed: true }, { name: 'argocd', installed: true }],
        conditions: [{}, { type: 'Healthy' }],
      },
    });
    assert.deepEqual(
      persona.status?.nodes?.map((node) => node.name),
      ['a', 'b'],
    );
    assert.deepEqual(persona.status?.unreadable, { nodes: 3, addons: 1, conditions: 1 });
  });

  it('takes anything at all without throwing', () => {
    for (const junk of [
      undefined,
      null,
      3,
      'text',
      [],
      [1],
      () => 1,
      { metadata: 3, spec: [], status: null },
    ]) {
      const persona = decodePersona(junk);
      assert.equal(persona.name, '');
      assert.equal(persona.phase, 'NotDiscovered');
    }
  });

  it('is not led astray by names of built-in properties', () => {
    const text =
      '{"metadata":{"name":"p","labels":{"__proto__":"x","constructor":"y","n":1}},"status":{"phase":"constructor"}}';
    const persona = decodePersona(JSON.parse(text));
    assert.equal(persona.phase, 'Unknown');
    assert.deepEqual(Object.keys(persona.metadata.labels ?? {}), ['__proto__', 'constructor']);
  });

  it('reads thousands of nodes', () => {
    const nodes = Array.from({ length: 5000 }, (_, index) => ({
      name: `n-${index}`,
      ready: index % 2 === 0,
    }));
    assert.equal(
      decodePersona({ metadata: { name: 'huge' }, status: { phase: 'Ready', nodes } }).status?.nodes?.length,
      5000,
    );
  });
});
