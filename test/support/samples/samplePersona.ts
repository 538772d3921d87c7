/** The spec of a ClusterPersona as a platform team would write it. */
export function sampleSpec(displayName: string) {
  return {
    name: displayName,
    description: 'Payments and checkout, Europe',
    environment: 'production',
    policies: {
      security: { podSecurityStandard: 'restricted', allowedRegistries: ['ghcr.io/acme'] },
      networking: { defaultDenyIngress: true },
      compliance: ['SOC 2', 'PCI DSS'],
    },
    conventions: { requiredLabels: ['team', 'cost-centre'], namespacePrefix: 'acme-' },
    defaults: { registry: 'ghcr.io/acme' },
  };
}

export interface SampleStatusOptions {
  readonly phase: 'Ready' | 'Degraded';
  readonly nodes: number;
  readonly notReady: number;
  /** The namespace of the add-on `ingress-nginx`. */
  readonly ingressNamespace: string;
}

/** A status as an operator reports it: without used amounts, and with add-ons that are not installed. */
export function sampleStatus({ phase, nodes, notReady, ingressNamespace }: SampleStatusOptions) {
  const now = new Date().toISOString();
  const quantities = { cpu: '8', memory: '31Gi', pods: '110', ephemeralStorage: '100Gi' };
  return {
    phase,
    lastDiscovery: now,
    platform: 'EKS',
    kubernetesVersion: 'v1.34.2',
    applicationCount: 47,
    namespaces: { total: 31, active: 30, withPersonas: 12 },
    resourceSummary: {
      totalCPU: String(nodes * 8),
      totalMemory: `${nodes * 31}Gi`,
      allocatableCPU: `${nodes * 7_910}m`,
      allocatableMemory: `${nodes * 30}Gi`,
      totalPods: nodes * 110,
      runningPods: nodes * 25,
    },
    nodes: Array.from({ length: nodes }, (_, index) => ({
      name: `ip-10-0-3-${index + 1}`,
      role: index < 3 ? 'control-plane' : 'worker',
      ready: index >= notReady,
      capacity: quantities,
      allocatable: { ...quantities, cpu: '7910m', memory: '30Gi' },
      taints: index < 3 ? ['node-role.kubernetes.io/control-plane=:NoSchedule'] : [],
      kubeletVersion: 'v1.34.2',
      containerRuntime: 'containerd://2.1.4',
    })),
    addons: [
      {
        name: 'argocd',
        type: 'gitops',
        installed: true,
        version: '3.1.4',
        namespace: 'argocd',
        healthy: true,
      },
      {
        name: 'ingress-nginx',
        type: 'ingress',
        installed: true,
        version: '1.14.0',
        namespace: ingressNamespace,
        healthy: phase === 'Ready',
      },
      { name: 'external-secrets', type: 'secrets', installed: true, namespace: 'external-secrets' },
      { name: 'grafana', type: 'monitoring', installed: false },
    ],
    conditions: [
      {
        type: 'Discovered',
        status: 'True',
        reason: 'DiscoverySucceeded',
        message: '',
        lastTransitionTime: now,
      },
      {
        type: 'Healthy',
        status: phase === 'Ready' ? 'True' : 'False',
        reason: phase === 'Ready' ? 'AllNodesReady' : 'NodesNotReady',
        message: phase === 'Ready' ? '' : `${notReady} of ${nodes} nodes are not ready`,
        lastTransitionTime: now,
      },
    ],
  };
}
