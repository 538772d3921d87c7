/** Where the resource lives in the Kubernetes API. */
export const CLUSTER_PERSONA = {
  group: 'dorgu.io',
  version: 'v1',
  kind: 'ClusterPersona',
  plural: 'clusterpersonas',
  /** Cluster-scoped: one collection a cluster. */
  path: '/apis/dorgu.io/v1/clusterpersonas',
  crdName: 'clusterpersonas.dorgu.io',
} as const;
