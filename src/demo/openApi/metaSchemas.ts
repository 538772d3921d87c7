import type { JsonRecord } from '../../base/jsonRecord';

const META = 'io.k8s.apimachinery.pkg.apis.meta.v1';

export function schemaRef(name: string): JsonRecord {
  return { $ref: `#/components/schemas/${name}` };
}

/** A reference that says something of its own about what it refers to. */
export function describedRef(description: string, name: string): JsonRecord {
  return { description, allOf: [schemaRef(name)] };
}

export const OBJECT_META = `${META}.ObjectMeta`;
export const LIST_META = `${META}.ListMeta`;
export const PATCH = `${META}.Patch`;
export const STATUS = `${META}.Status`;
export const DELETE_OPTIONS = `${META}.DeleteOptions`;

const TIME = `${META}.Time`;
const OWNER_REFERENCE = `${META}.OwnerReference`;
const MANAGED_FIELDS_ENTRY = `${META}.ManagedFieldsEntry`;
const FIELDS_V1 = `${META}.FieldsV1`;

function text(description: string): JsonRecord {
  return { description, type: 'string' };
}

function flag(description: string): JsonRecord {
  return { description, type: 'boolean' };
}

function integer(description: string): JsonRecord {
  return { description, type: 'integer', format: 'int64' };
}

function textMap(description: string): JsonRecord {
  return { description, type: 'object', additionalProperties: { type: 'string', default: '' } };
}

/** `apiVersion` and `kind`, which every object has. */
export const TYPE_META_PROPERTIES: JsonRecord = {
  apiVersion: text('The group and version of the API that the object is written for.'),
  kind: text('What the object is, in CamelCase. It cannot be changed.'),
};

/** The schemas of `meta/v1` that those of all resources refer to. */
export const META_SCHEMAS: JsonRecord = {
  [OBJECT_META]: {
    description: 'What every object of the API that is kept has in common.',
    type: 'object',
    properties: {
      annotations: textMap('Texts that tools keep with the object. They cannot be selected by.'),
      creationTimestamp: describedRef('When the object was created; set by the server.', TIME),
      deletionGracePeriodSeconds: integer(
        'How long the object may still take to end once it is to be deleted.',
      ),
      deletionTimestamp: describedRef('When the object is to be gone; set by the server.', TIME),
      finalizers: {
        description: 'Who still has something to do before the object may be gone.',
        type: 'array',
        items: { type: 'string', default: '' },
        'x-kubernetes-list-type': 'set',
        'x-kubernetes-patch-strategy': 'merge',
      },
      generateName: text('The beginning of a name that the server completes, where no name is given.'),
      generation: integer('How often the desired state changed; set by the server.'),
      labels: textMap('Texts that the object can be grouped and selected by.'),
      managedFields: {
        description: 'Which fields were set by whom; kept by the server.',
        type: 'array',
        items: { default: {}, allOf: [schemaRef(MANAGED_FIELDS_ENTRY)] },
        'x-kubernetes-list-type': 'atomic',
      },
      name: text(
        'The name, unique among the objects of the resource in the namespace. It cannot be changed.',
      ),
      namespace: text('The space in which the name is unique; empty for objects of the whole cluster.'),
      ownerReferences: {
        description: 'Objects without which this one is deleted as well.',
        type: 'array',
        items: { default: {}, allOf: [schemaRef(OWNER_REFERENCE)] },
        'x-kubernetes-list-map-keys': ['uid'],
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-patch-merge-key': 'uid',
        'x-kubernetes-patch-strategy': 'merge',
      },
      resourceVersion: text('Which version of the object this is; set by the server and opaque to clients.'),
      selfLink: text('Not used any more.'),
      uid: text('Tells the object from all others, also of the same name; set by the server.'),
    },
  },
  [LIST_META]: {
    description: 'What every list of the API has in common.',
    type: 'object',
    properties: {
      continue: text('What to ask for the next page with, where there is one.'),
      remainingItemCount: integer('How many objects there are after this page.'),
      resourceVersion: text('The version of the server that the list shows.'),
      selfLink: text('Not used any more.'),
    },
  },
  [OWNER_REFERENCE]: {
    description: 'Enough to find the object that owns this one.',
    type: 'object',
    required: ['apiVersion', 'kind', 'name', 'uid'],
    properties: {
      apiVersion: text("The owner's group and version."),
      blockOwnerDeletion: flag(
        'Whether the owner stays until this object is gone, when it is deleted in the foreground.',
      ),
      controller: flag('Whether the owner is the one that manages this object.'),
      kind: text("The owner's kind."),
      name: text("The owner's name."),
      uid: text("The owner's uid."),
    },
    'x-kubernetes-map-type': 'atomic',
  },
  [MANAGED_FIELDS_ENTRY]: {
    description: 'The fields that one manager set.',
    type: 'object',
    properties: {
      apiVersion: text('The version of the resource that the fields are of.'),
      fieldsType: text('The format of the fields; FieldsV1 is all there is.'),
      fieldsV1: describedRef('The fields.', FIELDS_V1),
      manager: text('Who set the fields.'),
      operation: text('How they were set: Apply or Update.'),
      subresource: text('Through which subresource they were set, if any.'),
      time: describedRef('When they were last set.', TIME),
    },
  },
  [FIELDS_V1]: { description: 'A set of fields as a tree.', type: 'object' },
  [TIME]: { description: 'An instant as RFC 3339 writes it.', type: 'string', format: 'date-time' },
  [PATCH]: { description: 'A change, in the form that its media type says.', type: 'object' },
  [STATUS]: {
    description: 'How a request went.',
    type: 'object',
    properties: {
      ...TYPE_META_PROPERTIES,
      code: { description: 'The HTTP status.', type: 'integer', format: 'int32' },
      message: text('What happened, for people.'),
      metadata: describedRef('That of a list.', LIST_META),
      reason: text('What happened, for programs.'),
      status: text('Success or Failure.'),
    },
    'x-kubernetes-group-version-kind': [{ group: '', kind: 'Status', version: 'v1' }],
  },
  [DELETE_OPTIONS]: {
    description: 'How something is to be deleted.',
    type: 'object',
    properties: {
      ...TYPE_META_PROPERTIES,
      dryRun: {
        description: 'All: nothing is kept.',
        type: 'array',
        items: { type: 'string', default: '' },
        'x-kubernetes-list-type': 'atomic',
      },
      gracePeriodSeconds: integer('How long the object may still take to end.'),
      propagationPolicy: text(
        'What becomes of objects that this one owns: Orphan, Background or Foreground.',
      ),
    },
  },
};
