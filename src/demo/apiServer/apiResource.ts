import { CLUSTER_PERSONA } from '../../protocol/clusterPersonaResource';

/** A kind of object that the server keeps, and where its collection lives. */
export interface ApiResource {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

export const CLUSTER_PERSONAS: ApiResource = {
  group: CLUSTER_PERSONA.group,
  version: CLUSTER_PERSONA.version,
  plural: CLUSTER_PERSONA.plural,
  kind: CLUSTER_PERSONA.kind,
  namespaced: false,
};

export const NAMESPACES: ApiResource = {
  group: '',
  version: 'v1',
  plural: 'namespaces',
  kind: 'Namespace',
  namespaced: false,
};

export const PODS: ApiResource = { group: '', version: 'v1', plural: 'pods', kind: 'Pod', namespaced: true };

export const API_RESOURCES: readonly ApiResource[] = [CLUSTER_PERSONAS, NAMESPACES, PODS];

export function apiVersionOf(resource: ApiResource): string {
  return resource.group === '' ? resource.version : `${resource.group}/${resource.version}`;
}

/** `clusterpersonas.dorgu.io`, as error messages name a resource. */
export function qualifiedNameOf(resource: ApiResource): string {
  return resource.group === '' ? resource.plural : `${resource.plural}.${resource.group}`;
}
