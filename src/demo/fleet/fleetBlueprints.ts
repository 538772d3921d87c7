import type { PersonaPolicies, PersonaSpec } from '../../persona/personaSpec';
import type { ClusterBlueprint, NodePool } from './clusterBlueprint';
import { AKS, EKS, GKE, K3S, KIND, OPENSHIFT, RKE2 } from './platform';

const REGISTRY = 'ghcr.io/acme';

const STRICT_POLICIES: PersonaPolicies = {
  security: {
    enforceNonRoot: true,
    enforceReadOnlyRoot: true,
    disallowPrivileged: true,
    allowedRegistries: [REGISTRY],
    podSecurityStandard: 'restricted',
  },
  networking: {
    defaultDenyIngress: true,
    defaultDenyEgress: true,
    allowedExternalCIDRs: ['185.60.216.0/22', '203.0.113.0/24'],
  },
  compliance: ['SOC 2', 'PCI DSS'],
};

const STANDARD_POLICIES: PersonaPolicies = {
  security: {
    enforceNonRoot: true,
    enforceReadOnlyRoot: false,
    disallowPrivileged: true,
    allowedRegistries: [REGISTRY, 'docker.io/library', 'quay.io'],
    podSecurityStandard: 'baseline',
  },
  networking: { defaultDenyIngress: true, defaultDenyEgress: false },
  compliance: ['SOC 2'],
};

const LAX_POLICIES: PersonaPolicies = {
  security: {
    enforceNonRoot: false,
    enforceReadOnlyRoot: false,
    disallowPrivileged: true,
    podSecurityStandard: 'baseline',
  },
};

const CONVENTIONS: NonNullable<PersonaSpec['conventions']> = {
  namingPattern: '^[a-z][a-z0-9-]{2,40}$',
  namespacePrefix: 'acme-',
  requiredLabels: ['team', 'cost-centre'],
  requiredAnnotations: ['acme.example/owner'],
};

const DEFAULTS: NonNullable<PersonaSpec['defaults']> = {
  namespace: 'acme-apps',
  registry: REGISTRY,
  resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { cpu: '1', memory: '512Mi' } },
  scaling: { minReplicas: 2, maxReplicas: 10, targetCPU: 70 },
};

const QUOTAS: NonNullable<PersonaSpec['resourceQuotas']> = {
  maxPodsPerNamespace: 100,
  maxCPUPerNamespace: '20',
  maxMemoryPerNamespace: '64Gi',
  maxPVCsPerNamespace: 20,
};

const CLOUD_ADDONS = {
  argocd: '3.1.4',
  prometheus: '3.6.0',
  'cert-manager': '1.16.1',
  'ingress-nginx': '1.14.0',
  'external-secrets': '0.20.2',
  'fluent-bit': '4.1.0',
} as const;

const EDGE_ADDONS = { flux: '2.7.2', traefik: '3.5.3', 'metrics-server': '0.8.0' } as const;

/** Most operators never look at these two. */
const UNCHECKED = ['external-secrets', 'velero'] as const;

function workers(count: number, cores: number, memoryGi: number, instanceType?: string): NodePool {
  return {
    name: 'general',
    role: 'worker',
    count,
    cores,
    memoryGi,
    ...(instanceType !== undefined && { instanceType }),
  };
}

const CONTROL_PLANE: NodePool = {
  name: 'master',
  role: 'control-plane',
  count: 3,
  cores: 4,
  memoryGi: 16,
  taints: ['node-role.kubernetes.io/control-plane=:NoSchedule'],
};

/** The clusters that are always there. */
export const FLEET: readonly ClusterBlueprint[] = [
  {
    name: 'eu-west-1',
    labels: { region: 'eu', team: 'payments' },
    spec: {
      name: 'EU West (Ireland)',
      description: 'Payments and checkout, Europe',
      environment: 'production',
      policies: STRICT_POLICIES,
      conventions: CONVENTIONS,
      defaults: DEFAULTS,
      resourceQuotas: QUOTAS,
    },
    platform: EKS,
    region: 'eu-west-1',
    kubernetesVersion: '1.34.2',
    pools: [workers(12, 8, 32, 'm7i.2xlarge')],
    addons: { ...CLOUD_ADDONS, loki: '3.5.5' },
    uncheckedAddons: UNCHECKED,
    namespaces: 38,
    applications: 47,
    runningPods: 300,
    situation: 'degraded',
    usage: { cpuPercent: 31, memoryPercent: 64 },
  },
  {
    name: 'eu-central-1',
    labels: { region: 'eu', team: 'shop' },
    spec: {
      name: 'EU Central (Frankfurt)',
      description: 'Shop front and catalog, Europe',
      environment: 'production',
      policies: STRICT_POLICIES,
      conventions: CONVENTIONS,
      defaults: DEFAULTS,
      resourceQuotas: QUOTAS,
    },
    platform: EKS,
    region: 'eu-central-1',
    kubernetesVersion: '1.34.1',
    pools: [workers(6, 8, 32, 'm7i.2xlarge')],
    addons: { ...CLOUD_ADDONS, grafana: '12.2.0', velero: '1.17.0' },
    uncheckedAddons: UNCHECKED,
    namespaces: 31,
    applications: 44,
    runningPods: 212,
    situation: 'ready',
  },
  {
    name: 'us-east-1',
    labels: { region: 'us', team: 'shop' },
    spec: {
      name: 'US East (Virginia)',
      description: 'Shop front, orders and search, Americas',
      environment: 'production',
      policies: STRICT_POLICIES,
      conventions: CONVENTIONS,
      defaults: DEFAULTS,
      resourceQuotas: QUOTAS,
    },
    platform: EKS,
    region: 'us-east-1',
    kubernetesVersion: '1.34.2',
    pools: [
      workers(7, 16, 64, 'm7i.4xlarge'),
      {
        name: 'batch',
        role: 'worker',
        count: 2,
        cores: 32,
        memoryGi: 128,
        instanceType: 'c7i.8xlarge',
        taints: ['dedicated=batch:NoSchedule'],
      },
    ],
    addons: { ...CLOUD_ADDONS, istio: '1.27.2', grafana: '12.2.0', loki: '3.5.5' },
    uncheckedAddons: UNCHECKED,
    namespaces: 52,
    applications: 41,
    runningPods: 408,
    situation: 'ready',
  },
  {
    name: 'us-central1',
    labels: { region: 'us', team: 'data' },
    spec: {
      name: 'US Central (Iowa)',
      description: 'Event pipeline and reporting',
      environment: 'production',
      policies: STANDARD_POLICIES,
      conventions: CONVENTIONS,
      resourceQuotas: QUOTAS,
    },
    platform: GKE,
    region: 'us-central1',
    kubernetesVersion: '1.34.1',
    pools: [workers(7, 8, 32, 'n2-standard-8')],
    addons: { flux: '2.7.2', prometheus: '3.6.0', 'cert-manager': '1.16.1', 'ingress-nginx': '1.13.3' },
    namespaces: 24,
    applications: 35,
    runningPods: 251,
    situation: 'ready',
  },
  {
    name: 'asia-southeast1',
    labels: { region: 'asia', team: 'shop' },
    spec: {
      name: 'Asia Southeast (Singapore)',
      description: 'Shop front, Asia and Pacific',
      environment: 'production',
      policies: STRICT_POLICIES,
      conventions: CONVENTIONS,
      defaults: DEFAULTS,
      resourceQuotas: QUOTAS,
    },
    platform: GKE,
    region: 'asia-southeast1',
    kubernetesVersion: '1.33.5',
    pools: [workers(8, 8, 32, 'n2-standard-8')],
    addons: { ...CLOUD_ADDONS, istio: '1.26.4' },
    uncheckedAddons: UNCHECKED,
    namespaces: 27,
    applications: 32,
    runningPods: 236,
    situation: 'ready',
  },
  {
    name: 'westeurope',
    labels: { region: 'eu', team: 'platform' },
    spec: {
      name: 'West Europe (Netherlands)',
      description: 'Internal tools, build runners and identity',
      environment: 'production',
      policies: STANDARD_POLICIES,
      conventions: CONVENTIONS,
      defaults: DEFAULTS,
    },
    platform: AKS,
    region: 'westeurope',
    kubernetesVersion: '1.33.4',
    pools: [workers(5, 8, 32, 'Standard_D8s_v5')],
    addons: {
      argocd: '3.1.4',
      prometheus: '3.5.0',
      'cert-manager': '1.16.1',
      traefik: '3.5.3',
      velero: '1.17.0',
    },
    uncheckedAddons: UNCHECKED,
    namespaces: 33,
    applications: 29,
    runningPods: 174,
    situation: 'ready',
  },
  {
    name: 'edge-berlin',
    labels: { region: 'eu', site: 'warehouse' },
    spec: {
      name: 'Edge Berlin',
      description: 'Warehouse robots and label printers',
      environment: 'production',
      policies: STANDARD_POLICIES,
    },
    platform: K3S,
    region: 'berlin',
    kubernetesVersion: '1.33.5',
    pools: [{ ...workers(3, 4, 16), role: 'control-plane' }],
    addons: EDGE_ADDONS,
    namespaces: 9,
    applications: 26,
    runningPods: 48,
    situation: 'unknown',
  },
  {
    name: 'edge-paris',
    labels: { region: 'eu', site: 'warehouse' },
    spec: {
      name: 'Edge Paris',
      description: 'Warehouse robots and label printers',
      environment: 'production',
      policies: STANDARD_POLICIES,
    },
    platform: K3S,
    region: 'paris',
    kubernetesVersion: '1.34.1',
    pools: [{ ...workers(3, 4, 16), role: 'control-plane' }],
    addons: EDGE_ADDONS,
    namespaces: 9,
    applications: 23,
    runningPods: 44,
    situation: 'ready',
  },
  {
    name: 'staging-eu',
    labels: { region: 'eu' },
    spec: {
      name: 'Staging EU',
      description: 'Everything of Europe, one release ahead',
      environment: 'staging',
      policies: STRICT_POLICIES,
      conventions: CONVENTIONS,
      defaults: DEFAULTS,
    },
    platform: EKS,
    region: 'eu-west-1',
    kubernetesVersion: '1.35.0',
    pools: [workers(4, 4, 16, 'm7i.xlarge')],
    addons: { ...CLOUD_ADDONS, loki: '3.5.5' },
    uncheckedAddons: UNCHECKED,
    namespaces: 36,
    applications: 47,
    runningPods: 141,
    situation: 'ready',
  },
  {
    name: 'staging-us',
    labels: { region: 'us' },
    spec: {
      name: 'Staging US',
      description: 'Everything of the Americas, one release ahead',
      environment: 'staging',
      policies: STANDARD_POLICIES,
      conventions: CONVENTIONS,
    },
    platform: OPENSHIFT,
    region: 'us-east-1',
    kubernetesVersion: '1.34.2',
    pools: [CONTROL_PLANE, workers(3, 8, 32)],
    addons: { argocd: '3.1.4', prometheus: '3.6.0', 'cert-manager': '1.16.1' },
    namespaces: 71,
    applications: 17,
    runningPods: 322,
    situation: 'ready',
  },
  {
    name: 'dev-shared',
    labels: { region: 'eu' },
    spec: {
      name: 'dev-shared',
      description: 'One namespace for each developer',
      environment: 'development',
      policies: LAX_POLICIES,
      conventions: { namespacePrefix: 'dev-', requiredLabels: ['owner'] },
      resourceQuotas: { maxPodsPerNamespace: 30, maxCPUPerNamespace: '4', maxMemoryPerNamespace: '8Gi' },
    },
    platform: RKE2,
    region: 'hamburg',
    kubernetesVersion: '1.34.2',
    pools: [CONTROL_PLANE, workers(5, 16, 64)],
    addons: {
      flux: '2.7.2',
      'ingress-nginx': '1.14.0',
      'cert-manager': '1.16.1',
      grafana: '12.2.0',
      prometheus: '3.6.0',
    },
    namespaces: 94,
    applications: 14,
    runningPods: 387,
    situation: 'ready',
  },
  {
    name: 'dev-ml',
    spec: {
      name: 'Machine learning',
      description: 'Notebooks and training jobs, being set up',
      environment: 'development',
      policies: LAX_POLICIES,
    },
    platform: GKE,
    region: 'europe-west4',
    kubernetesVersion: '1.34.1',
    pools: [],
    addons: {},
    namespaces: 0,
    applications: 0,
    runningPods: 0,
    situation: 'undiscovered',
  },
];

/** A cluster that somebody makes to try out a pull request, and throws away. */
export function sandboxBlueprint(pullRequest: number): ClusterBlueprint {
  return {
    name: `sandbox-pr-${pullRequest}`,
    labels: { 'acme.example/pull-request': String(pullRequest) },
    spec: {
      name: `Sandbox for pull request ${pullRequest}`,
      description: 'Made by CI, gone when the checks are done',
      environment: 'sandbox',
      policies: LAX_POLICIES,
    },
    platform: KIND,
    region: 'ci',
    kubernetesVersion: '1.34.0',
    pools: [workers(2, 4, 16)],
    addons: { 'ingress-nginx': '1.14.0' },
    namespaces: 6,
    applications: 0,
    runningPods: 19,
    situation: 'ready',
  };
}
