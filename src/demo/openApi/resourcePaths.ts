import type { JsonRecord } from '../../base/jsonRecord';
import type { ApiResource, ApiVerb } from '../apiServer/apiResource';
import { DELETE_OPTIONS, PATCH, schemaRef, STATUS } from './metaSchemas';
import { groupVersionKind, schemaNameOf } from './resourceSchemas';

interface PathKind {
  readonly path: string;
  readonly verbs: readonly ApiVerb[];
  readonly isCollection: boolean;
  readonly parameters: readonly JsonRecord[];
  /** Part of the ids of the operations, which are unique in a document. */
  readonly idSuffix: string;
}

const COLLECTION_VERBS: readonly ApiVerb[] = ['list', 'create', 'deletecollection'];
const OBJECT_VERBS: readonly ApiVerb[] = ['get', 'update', 'patch', 'delete'];

/** The HTTP method of a verb, and what the document calls it. A watch is a list that does not end. */
const OPERATIONS: Readonly<
  Record<ApiVerb, { readonly method: string; readonly action: string } | undefined>
> = {
  list: { method: 'get', action: 'list' },
  create: { method: 'post', action: 'post' },
  deletecollection: { method: 'delete', action: 'deletecollection' },
  get: { method: 'get', action: 'get' },
  update: { method: 'put', action: 'put' },
  patch: { method: 'patch', action: 'patch' },
  delete: { method: 'delete', action: 'delete' },
  watch: undefined,
};

function queryParameter(name: string, description: string, type = 'string'): JsonRecord {
  return { name, in: 'query', description, schema: { type, uniqueItems: true } };
}

function pathParameter(name: string, description: string): JsonRecord {
  return { name, in: 'path', description, required: true, schema: { type: 'string', uniqueItems: true } };
}

// kubectl leaves the validation to a server whose patches have the parameter fieldValidation, and else does it itself.
const WRITE_PARAMETERS: readonly JsonRecord[] = [
  queryParameter('dryRun', 'All: do everything but keep the result.'),
  queryParameter('fieldManager', 'Who makes the change.'),
  queryParameter('fieldValidation', 'What becomes of unknown and doubled fields: Ignore, Warn or Strict.'),
];
const FORCE_PARAMETER = queryParameter('force', 'Apply: take over fields that others own.', 'boolean');
const READ_PARAMETERS: readonly JsonRecord[] = [
  queryParameter('resourceVersion', 'How new the answer has to be.'),
];
const LIST_PARAMETERS: readonly JsonRecord[] = [
  queryParameter('allowWatchBookmarks', 'Tell now and then which version a watch has come to.', 'boolean'),
  queryParameter('continue', 'Where the next page begins.'),
  queryParameter('fieldSelector', 'Only objects with such fields.'),
  queryParameter('labelSelector', 'Only objects with such labels.'),
  queryParameter('limit', 'The length of a page.', 'integer'),
  ...READ_PARAMETERS,
  queryParameter('resourceVersionMatch', 'How resourceVersion is meant.'),
  queryParameter('sendInitialEvents', 'Begin a watch with everything there is.', 'boolean'),
  queryParameter('timeoutSeconds', 'How long a watch lasts.', 'integer'),
  queryParameter('watch', 'Tell the changes as they come.', 'boolean'),
];
const DELETE_PARAMETERS: readonly JsonRecord[] = [
  queryParameter('dryRun', 'All: do everything but delete.'),
  queryParameter('gracePeriodSeconds', 'How long the object may still take to end.', 'integer'),
  queryParameter('propagationPolicy', 'What becomes of objects that this one owns.'),
];

const PARAMETERS: Readonly<Record<ApiVerb, readonly JsonRecord[]>> = {
  list: LIST_PARAMETERS,
  create: WRITE_PARAMETERS,
  deletecollection: [...LIST_PARAMETERS, ...DELETE_PARAMETERS],
  get: READ_PARAMETERS,
  update: WRITE_PARAMETERS,
  patch: [...WRITE_PARAMETERS, FORCE_PARAMETER],
  delete: DELETE_PARAMETERS,
  watch: [],
};

const OBJECT_TYPES = ['application/json', 'application/yaml'];
const PATCH_TYPES = [
  'application/apply-patch+yaml',
  'application/json-patch+json',
  'application/merge-patch+json',
];

/** The `paths` of a resource; `root` is `/api/v1` or `/apis/GROUP/VERSION`. */
export function resourcePaths(root: string, resource: ApiResource): JsonRecord {
  return Object.fromEntries(
    pathKinds(root, resource).map((kind) => [
      kind.path,
      {
        ...Object.fromEntries(kind.verbs.flatMap((verb) => operation(resource, kind, verb))),
        ...(kind.parameters.length > 0 && { parameters: kind.parameters }),
      },
    ]),
  );
}

function pathKinds(root: string, resource: ApiResource): readonly PathKind[] {
  const { plural, kind, namespaced, verbs, subresources } = resource;
  const collection = namespaced ? `${root}/namespaces/{namespace}/${plural}` : `${root}/${plural}`;
  const inNamespace = namespaced ? [pathParameter('namespace', 'The namespace.')] : [];
  const ofObject = [pathParameter('name', `name of the ${kind}`), ...inNamespace];
  const kinds: readonly PathKind[] = [
    {
      path: collection,
      verbs: COLLECTION_VERBS.filter((verb) => verbs.includes(verb)),
      isCollection: true,
      parameters: inNamespace,
      idSuffix: '',
    },
    {
      path: `${collection}/{name}`,
      verbs: OBJECT_VERBS.filter((verb) => verbs.includes(verb)),
      isCollection: false,
      parameters: ofObject,
      idSuffix: '',
    },
    ...subresources.map((subresource) => ({
      path: `${collection}/{name}/${subresource.name}`,
      verbs: subresource.verbs,
      isCollection: false,
      parameters: ofObject,
      idSuffix: capitalized(subresource.name),
    })),
    ...(namespaced
      ? [
          {
            path: `${root}/${plural}`,
            verbs: verbs.filter((verb) => verb === 'list'),
            isCollection: true,
            parameters: [],
            idSuffix: 'ForAllNamespaces',
          },
        ]
      : []),
  ];
  return kinds.filter((kind) => kind.verbs.length > 0);
}

function operation(
  resource: ApiResource,
  { idSuffix, isCollection }: PathKind,
  verb: ApiVerb,
): readonly (readonly [string, JsonRecord])[] {
  const how = OPERATIONS[verb];
  if (how === undefined) {
    return [];
  }
  const { kind, group, version } = resource;
  const schemaName = schemaNameOf(resource);
  const answer =
    verb === 'delete' || verb === 'deletecollection'
      ? STATUS
      : verb === 'list'
        ? `${schemaName}List`
        : schemaName;
  const id = `${verb}${group.split('.').map(capitalized).join('')}${capitalized(version)}${kind}${idSuffix}`;
  const body = requestBody(verb, schemaName);
  return [
    [
      how.method,
      {
        description: `${verb} ${isCollection ? resource.plural : kind}`,
        operationId: id,
        parameters: PARAMETERS[verb],
        ...(body !== undefined && { requestBody: body }),
        responses: {
          [verb === 'create' ? '201' : '200']: {
            description: verb === 'create' ? 'Created' : 'OK',
            content: content(OBJECT_TYPES, answer),
          },
          401: { description: 'Unauthorized' },
        },
        'x-kubernetes-action': how.action,
        'x-kubernetes-group-version-kind': groupVersionKind(resource),
      },
    ],
  ];
}

function requestBody(verb: ApiVerb, schemaName: string): JsonRecord | undefined {
  switch (verb) {
    case 'create':
    case 'update':
      return { content: content(OBJECT_TYPES, schemaName), required: true };
    case 'patch':
      return { content: content(PATCH_TYPES, PATCH), required: true };
    case 'delete':
      return { content: content(OBJECT_TYPES, DELETE_OPTIONS) };
    case 'deletecollection':
    case 'get':
    case 'list':
    case 'watch':
      return undefined;
    default:
      return verb satisfies never;
  }
}

function content(types: readonly string[], schemaName: string): JsonRecord {
  return Object.fromEntries(types.map((type) => [type, { schema: schemaRef(schemaName) }]));
}

function capitalized(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
