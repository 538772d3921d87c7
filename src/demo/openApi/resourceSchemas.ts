import { isRecord, type JsonRecord } from '../../base/jsonRecord';
import {
  apiVersionOf,
  CLUSTER_PERSONAS,
  CUSTOM_RESOURCE_DEFINITIONS,
  EVENTS,
  NODE_METRICS,
  POD_METRICS,
  type ApiResource,
} from '../apiServer/apiResource';
import { clusterPersonaCrd } from '../schema/clusterPersonaCrd';
import { describedRef, LIST_META, OBJECT_META, schemaRef, TYPE_META_PROPERTIES } from './metaSchemas';

const METADATA = describedRef('What every object of the API that is kept has in common.', OBJECT_META);

function anything(description: string): JsonRecord {
  return { description, type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
}

const SPEC_AND_STATUS: JsonRecord = {
  spec: anything('What the object is meant to be.'),
  status: anything('What the object was found to be.'),
};

/** Of built-in resources the server knows no more than this. */
const BUILT_IN_PROPERTIES: ReadonlyMap<ApiResource, JsonRecord> = new Map([
  [
    EVENTS,
    {
      count: { description: 'How often the event happened.', type: 'integer', format: 'int32' },
      firstTimestamp: { description: 'When it first happened.', type: 'string', format: 'date-time' },
      involvedObject: anything('What the event is about.'),
      lastTimestamp: { description: 'When it last happened.', type: 'string', format: 'date-time' },
      message: { description: 'What happened, for people.', type: 'string' },
      reason: { description: 'One word for programs.', type: 'string' },
      source: anything('Who reports the event.'),
      type: { description: 'Normal or Warning.', type: 'string' },
    },
  ],
  [
    NODE_METRICS,
    {
      timestamp: { description: 'When the use was measured.', type: 'string', format: 'date-time' },
      usage: anything('How much of each resource is used.'),
      window: { description: 'Over which time.', type: 'string' },
    },
  ],
  [
    POD_METRICS,
    {
      containers: {
        description: 'How much each container uses.',
        type: 'array',
        items: anything('A container and its use.'),
      },
      timestamp: { description: 'When the use was measured.', type: 'string', format: 'date-time' },
      window: { description: 'Over which time.', type: 'string' },
    },
  ],
]);

export interface GroupVersionKind {
  readonly group: string;
  readonly kind: string;
  readonly version: string;
}

export function groupVersionKind({ group, kind, version }: ApiResource): GroupVersionKind {
  return { group, kind, version };
}

/** `io.dorgu.v1.ClusterPersona`: the group backwards, as Kubernetes names schemas. */
export function schemaNameOf(resource: ApiResource): string {
  const { group, version, kind } = resource;
  if (resource === CLUSTER_PERSONAS || resource === CUSTOM_RESOURCE_DEFINITIONS) {
    return [...group.split('.').toReversed(), version, kind].join('.');
  }
  return ['io.k8s.api', group === '' ? 'core' : (group.split('.')[0] ?? group), version, kind].join('.');
}

/** The schema of the objects of a resource, and that of their lists, by their names. */
export function resourceSchemas(resource: ApiResource): JsonRecord {
  const name = schemaNameOf(resource);
  const gvk = groupVersionKind(resource);
  const object = {
    ...(resource === CLUSTER_PERSONAS ? customSchema() : builtInSchema(resource)),
    'x-kubernetes-group-version-kind': [gvk],
  };
  return resource.verbs.includes('list')
    ? {
        [name]: object,
        [`${name}List`]: {
          description: `${resource.kind}List is a list of ${resource.kind}`,
          type: 'object',
          required: ['items'],
          properties: {
            ...TYPE_META_PROPERTIES,
            items: { description: `The ${resource.plural}.`, type: 'array', items: schemaRef(name) },
            metadata: describedRef('What every list of the API has in common.', LIST_META),
          },
          'x-kubernetes-group-version-kind': [{ ...gvk, kind: `${resource.kind}List` }],
        },
      }
    : { [name]: object };
}

/** The schema of the definition, with the parts that every object has described by those who know them. */
function customSchema(): JsonRecord {
  const { openApiSchema } = clusterPersonaCrd();
  const { properties } = openApiSchema;
  return {
    ...openApiSchema,
    properties: { ...(isRecord(properties) && properties), ...TYPE_META_PROPERTIES, metadata: METADATA },
  };
}

function builtInSchema(resource: ApiResource): JsonRecord {
  return {
    description: `${resource.kind} of ${apiVersionOf(resource)}`,
    type: 'object',
    properties: {
      ...TYPE_META_PROPERTIES,
      metadata: METADATA,
      ...(BUILT_IN_PROPERTIES.get(resource) ?? SPEC_AND_STATUS),
    },
  };
}
