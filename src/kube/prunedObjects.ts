import { isRecord, type JsonRecord } from '../base/jsonRecord';

/** What is left of each part of an object: what it is, how it does, and what it consists of. */
const METADATA = [
  'name',
  'generateName',
  'namespace',
  'uid',
  'resourceVersion',
  'creationTimestamp',
  'deletionTimestamp',
  'labels',
  'ownerReferences',
];
const STATUS = [
  'phase',
  'reason',
  'message',
  'startTime',
  'conditions',
  'containerStatuses',
  'initContainerStatuses',
  'ephemeralContainerStatuses',
];
/** Where a pod runs, and which pods are a workload's. */
const SPEC = ['nodeName', 'selector'];
const CONTAINERS = ['containers', 'initContainers', 'ephemeralContainers'];
const CONTAINER = ['name', 'image', 'restartPolicy'];

/**
 * A pod or workload, a list of them or an event of a watch, without what may hold secrets: environments, arguments, templates
 * and annotations. Anything else, a Status for instance, comes back as it is.
 */
export function prunedObjects(value: unknown): unknown {
  if (!isRecord(value)) {
    return value;
  }
  const { items, object } = value;
  if (Array.isArray(items)) {
    return { ...value, items: items.map((item) => pruned(item)) };
  }
  if (typeof value['type'] === 'string' && isRecord(object)) {
    return { ...value, object: isObject(object) ? pruned(object) : object };
  }
  return isObject(value) && items === undefined ? pruned(value) : value;
}

/** In a list objects bear no kind; a bookmark bears that of what is watched. */
function isObject(value: JsonRecord): boolean {
  return value['kind'] !== 'Status';
}

function pruned(value: unknown): unknown {
  if (!isRecord(value)) {
    return {};
  }
  const spec = isRecord(value['spec']) ? value['spec'] : {};
  return {
    ...only(value, ['apiVersion', 'kind']),
    ...part(value, 'metadata', METADATA),
    spec: {
      ...only(spec, SPEC),
      ...Object.fromEntries(
        CONTAINERS.flatMap((field) => {
          const containers = spec[field];
          return Array.isArray(containers)
            ? [
                [
                  field,
                  containers.map((container) => (isRecord(container) ? only(container, CONTAINER) : {})),
                ],
              ]
            : [];
        }),
      ),
    },
    ...part(value, 'status', STATUS),
  };
}

function part(value: JsonRecord, field: string, fields: readonly string[]): JsonRecord {
  const inner = value[field];
  return isRecord(inner) ? { [field]: only(inner, fields) } : {};
}

function only(value: JsonRecord, fields: readonly string[]): JsonRecord {
  return Object.fromEntries(fields.flatMap((field) => (field in value ? [[field, value[field]]] : [])));
}
