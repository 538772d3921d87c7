const group = 'metrics.k8s.io';

function definition(plural: string, kind: string, scope: string): object {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: {
      name: `${plural}.${group}`,
      annotations: { 'api-approved.kubernetes.io': 'unapproved, stands in for metrics-server in a test' },
    },
    spec: {
      group,
      scope,
      names: { plural, singular: '', kind, listKind: `${kind}List` },
      versions: [
        {
          name: 'v1beta1',
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
        },
      ],
    },
  };
}

/**
 * Instead of metrics-server: the API server itself keeps what the nodes and pods use, as the test writes it. What
 * kubectl asks for and gets is the same.
 */
export const metricsDefinitions: readonly object[] = [
  definition('nodes', 'NodeMetrics', 'Cluster'),
  definition('pods', 'PodMetrics', 'Namespaced'),
];
