import type { KubeObject } from '../../base/kubeObject';
import { apiVersionOf, CLUSTER_PERSONAS } from '../apiServer/apiResource';
import type { ClusterModel } from './clusterModel';
import { instant } from '../instant';
import { ownedFields } from './ownedFields';
import { personaStatus } from './personaStatus';

/** The name under which the operator writes. */
export const OPERATOR = 'dorgu-operator';

/** The resource as the cluster's API server would hold it, its resourceVersion aside. */
export function personaObject(cluster: ClusterModel): KubeObject {
  const { name, labels } = cluster.blueprint;
  const status =
    cluster.lastDiscoveryMs === undefined ? undefined : personaStatus(cluster, cluster.lastDiscoveryMs);
  const applied = { ...(labels !== undefined && { metadata: { labels } }), spec: cluster.spec };
  const metadata = {
    name,
    uid: cluster.uid,
    generation: 1,
    creationTimestamp: instant(cluster.createdMs),
    ...(labels !== undefined && { labels }),
    managedFields: [
      {
        manager: 'argocd-controller',
        operation: 'Apply',
        apiVersion: apiVersionOf(CLUSTER_PERSONAS),
        time: instant(cluster.createdMs),
        fieldsType: 'FieldsV1',
        fieldsV1: ownedFields(applied, 'Apply'),
      },
      ...(status === undefined
        ? []
        : [
            {
              manager: OPERATOR,
              operation: 'Update',
              apiVersion: apiVersionOf(CLUSTER_PERSONAS),
              time: status.lastDiscovery,
              fieldsType: 'FieldsV1',
              fieldsV1: ownedFields({ status }, 'Update'),
              subresource: 'status',
            },
          ]),
    ],
  };
  return {
    apiVersion: apiVersionOf(CLUSTER_PERSONAS),
    kind: CLUSTER_PERSONAS.kind,
    metadata,
    spec: cluster.spec,
    ...(status !== undefined && { status }),
  };
}
