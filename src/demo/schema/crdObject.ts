import type { KubeObject } from '../../base/kubeObject';
import { isRecord } from '../../base/jsonRecord';
import { clusterPersonaCrd } from './clusterPersonaCrd';

/** The definition as the API server keeps it once it is established: with its defaults and its status. */
export function crdObject(uid: string, creationTimestamp: string): KubeObject {
  const { manifest, name, names, version } = clusterPersonaCrd();
  const { shortNames, categories, ...acceptedNames } = names;
  const spec = manifest['spec'];
  const metadata = { name, uid, creationTimestamp, generation: 1 };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata,
    spec: { ...(isRecord(spec) && spec), conversion: { strategy: 'None' } },
    status: {
      acceptedNames: {
        ...acceptedNames,
        ...(shortNames.length > 0 && { shortNames }),
        ...(categories.length > 0 && { categories }),
      },
      conditions: [
        condition('NamesAccepted', 'NoConflicts', 'no conflicts found', creationTimestamp),
        condition(
          'Established',
          'InitialNamesAccepted',
          'the initial names have been accepted',
          creationTimestamp,
        ),
      ],
      storedVersions: [version],
    },
  };
}

function condition(type: string, reason: string, message: string, lastTransitionTime: string) {
  return { lastTransitionTime, message, reason, status: 'True', type };
}
