import { CLUSTER_PERSONA } from '../../protocol/clusterPersonaResource';

export type ApiVerb =
  'create' | 'delete' | 'deletecollection' | 'get' | 'list' | 'patch' | 'update' | 'watch';

/** What can be done to a part of an object, at a path below the object's own. */
interface ApiSubresource {
  readonly name: string;
  readonly kind: string;
  readonly verbs: readonly ApiVerb[];
}

/** A kind of object that the server knows, and where its collection lives. */
export interface ApiResource {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly singular: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  /** In the order in which discovery names them. */
  readonly verbs: readonly ApiVerb[];
  readonly subresources: readonly ApiSubresource[];
}

const READ_VERBS: readonly ApiVerb[] = ['get', 'list', 'watch'];

export const CLUSTER_PERSONAS: ApiResource = {
  group: CLUSTER_PERSONA.group,
  version: CLUSTER_PERSONA.version,
  plural: CLUSTER_PERSONA.plural,
  singular: 'clusterpersona',
  kind: CLUSTER_PERSONA.kind,
  namespaced: false,
  shortNames: ['cper'],
  categories: [],
  verbs: ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch'],
  subresources: [{ name: 'status', kind: CLUSTER_PERSONA.kind, verbs: ['get', 'patch', 'update'] }],
};

export const NAMESPACES: ApiResource = {
  group: '',
  version: 'v1',
  plural: 'namespaces',
  singular: 'namespace',
  kind: 'Namespace',
  namespaced: false,
  shortNames: ['ns'],
  categories: [],
  verbs: READ_VERBS,
  subresources: [],
};

export const NODES: ApiResource = {
  group: '',
  version: 'v1',
  plural: 'nodes',
  singular: 'node',
  kind: 'Node',
  namespaced: false,
  shortNames: ['no'],
  categories: [],
  verbs: READ_VERBS,
  subresources: [],
};

export const PODS: ApiResource = {
  group: '',
  version: 'v1',
  plural: 'pods',
  singular: 'pod',
  kind: 'Pod',
  namespaced: true,
  shortNames: ['po'],
  categories: ['all'],
  verbs: READ_VERBS,
  subresources: [{ name: 'log', kind: 'Pod', verbs: ['get'] }],
};

export const EVENTS: ApiResource = {
  group: '',
  version: 'v1',
  plural: 'events',
  singular: 'event',
  kind: 'Event',
  namespaced: true,
  shortNames: ['ev'],
  categories: [],
  verbs: READ_VERBS,
  subresources: [],
};

const METRICS_VERBS: readonly ApiVerb[] = ['get', 'list'];

export const NODE_METRICS: ApiResource = {
  group: 'metrics.k8s.io',
  version: 'v1beta1',
  plural: 'nodes',
  // metrics-server gives its resources no singular names.
  singular: '',
  kind: 'NodeMetrics',
  namespaced: false,
  shortNames: [],
  categories: [],
  verbs: METRICS_VERBS,
  subresources: [],
};

export const POD_METRICS: ApiResource = {
  group: 'metrics.k8s.io',
  version: 'v1beta1',
  plural: 'pods',
  singular: '',
  kind: 'PodMetrics',
  namespaced: true,
  shortNames: [],
  categories: [],
  verbs: METRICS_VERBS,
  subresources: [],
};

/** A question in the shape of an object: it is answered as it is created, and never kept. */
function reviewResource(group: string, kind: string): ApiResource {
  const singular = kind.toLowerCase();
  return {
    group,
    version: 'v1',
    plural: `${singular}s`,
    singular,
    kind,
    namespaced: false,
    shortNames: [],
    categories: [],
    verbs: ['create'],
    subresources: [],
  };
}

export const SELF_SUBJECT_ACCESS_REVIEWS = reviewResource('authorization.k8s.io', 'SelfSubjectAccessReview');
export const SUBJECT_ACCESS_REVIEWS = reviewResource('authorization.k8s.io', 'SubjectAccessReview');
export const SELF_SUBJECT_RULES_REVIEWS = reviewResource('authorization.k8s.io', 'SelfSubjectRulesReview');
export const TOKEN_REVIEWS = reviewResource('authentication.k8s.io', 'TokenReview');
export const SELF_SUBJECT_REVIEWS = reviewResource('authentication.k8s.io', 'SelfSubjectReview');

export const CUSTOM_RESOURCE_DEFINITIONS: ApiResource = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  plural: 'customresourcedefinitions',
  singular: 'customresourcedefinition',
  kind: 'CustomResourceDefinition',
  namespaced: false,
  shortNames: ['crd', 'crds'],
  categories: ['api-extensions'],
  verbs: READ_VERBS,
  subresources: [],
};

/** Everything that the server knows, group by group as discovery orders them. */
export const API_RESOURCES: readonly ApiResource[] = [
  EVENTS,
  NAMESPACES,
  NODES,
  PODS,
  SELF_SUBJECT_REVIEWS,
  TOKEN_REVIEWS,
  SELF_SUBJECT_ACCESS_REVIEWS,
  SELF_SUBJECT_RULES_REVIEWS,
  SUBJECT_ACCESS_REVIEWS,
  CUSTOM_RESOURCE_DEFINITIONS,
  CLUSTER_PERSONAS,
  NODE_METRICS,
  POD_METRICS,
];

export function apiVersionOf(resource: ApiResource): string {
  return resource.group === '' ? resource.version : `${resource.group}/${resource.version}`;
}

/** `clusterpersonas.dorgu.io`, as error messages name a resource. */
export function qualifiedNameOf(resource: ApiResource): string {
  return resource.group === '' ? resource.plural : `${resource.plural}.${resource.group}`;
}
