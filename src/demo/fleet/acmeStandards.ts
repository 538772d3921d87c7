import type { PersonaPolicies, PersonaSpec } from '../../persona/personaSpec';
import type { NodePool } from './clusterBlueprint';

const REGISTRY = 'ghcr.io/acme';

export const STRICT_POLICIES: PersonaPolicies = {
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

export const STANDARD_POLICIES: PersonaPolicies = {
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

export const LAX_POLICIES: PersonaPolicies = {
  security: {
    enforceNonRoot: false,
    enforceReadOnlyRoot: false,
    disallowPrivileged: true,
    podSecurityStandard: 'baseline',
  },
};

export const CONVENTIONS: NonNullable<PersonaSpec['conventions']> = {
  namingPattern: '^[a-z][a-z0-9-]{2,40}$',
  namespacePrefix: 'acme-',
  requiredLabels: ['team', 'cost-centre'],
  requiredAnnotations: ['acme.example/owner'],
};

export const DEFAULTS: NonNullable<PersonaSpec['defaults']> = {
  namespace: 'acme-apps',
  registry: REGISTRY,
  resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { cpu: '1', memory: '512Mi' } },
  scaling: { minReplicas: 2, maxReplicas: 10, targetCPU: 70 },
};

export const QUOTAS: NonNullable<PersonaSpec['resourceQuotas']> = {
  maxPodsPerNamespace: 100,
  maxCPUPerNamespace: '20',
  maxMemoryPerNamespace: '64Gi',
  maxPVCsPerNamespace: 20,
};

export const CLOUD_ADDONS = {
  argocd: '3.1.4',
  prometheus: '3.6.0',
  'cert-manager': '1.16.1',
  'ingress-nginx': '1.14.0',
  'external-secrets': '0.20.2',
  'fluent-bit': '4.1.0',
} as const;

export const EDGE_ADDONS = { flux: '2.7.2', traefik: '3.5.3', 'metrics-server': '0.8.0' } as const;

/** Most operators never look at these two. */
export const UNCHECKED = ['external-secrets', 'velero'] as const;

export function workers(count: number, cores: number, memoryGi: number, instanceType?: string): NodePool {
  return {
    name: 'general',
    role: 'worker',
    count,
    cores,
    memoryGi,
    ...(instanceType !== undefined && { instanceType }),
  };
}

export const CONTROL_PLANE: NodePool = {
  name: 'master',
  role: 'control-plane',
  count: 3,
  cores: 4,
  memoryGi: 16,
  taints: ['node-role.kubernetes.io/control-plane=:NoSchedule'],
};
