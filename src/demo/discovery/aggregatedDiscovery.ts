import { CLUSTER_PERSONAS, type ApiResource } from '../apiServer/apiResource';
import type { ApiGroup } from './apiGroups';

/** An `apidiscovery.k8s.io/v2` APIGroupDiscoveryList: all resources of all groups in one answer. */
export function aggregatedDiscovery(groups: readonly ApiGroup[]): object {
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: 'apidiscovery.k8s.io/v2',
    metadata: {},
    items: groups.map(({ name, version, resources }) => ({
      metadata: name === '' ? {} : { name },
      versions: [{ version, resources: resources.map(resourceOf), freshness: 'Current' }],
    })),
  };
}

function resourceOf(resource: ApiResource): object {
  const { plural, singular, namespaced, kind, verbs, shortNames, categories, subresources } = resource;
  return {
    resource: plural,
    responseKind: responseKind(resource, kind),
    scope: namespaced ? 'Namespaced' : 'Cluster',
    singularResource: singular,
    verbs,
    ...(shortNames.length > 0 && { shortNames }),
    ...(categories.length > 0 && { categories }),
    ...(subresources.length > 0 && {
      subresources: subresources.map((subresource) => ({
        subresource: subresource.name,
        responseKind: responseKind(resource, subresource.kind),
        verbs: subresource.verbs,
      })),
    }),
  };
}

/** Built-in resources leave group and version to the surroundings; custom ones spell them out. */
function responseKind(resource: ApiResource, kind: string): object {
  return resource === CLUSTER_PERSONAS
    ? { group: resource.group, version: resource.version, kind }
    : { group: '', version: '', kind };
}
