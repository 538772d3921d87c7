import type { KubeObject } from '../base/kubeObject';
import { isRecord } from '../base/jsonRecord';

/**
 * Reads a parsed JSON value as a Kubernetes object; undefined when it has no name or its metadata has other types than
 * the API promises. Every field survives but `metadata.managedFields`, which is a sixth of an object and is fetched
 * anew by who needs it. The value belongs to the result: it is not to be used elsewhere.
 */
export function decodeObject(value: unknown): KubeObject | undefined {
  return isKubeObject(value) ? withoutManagedFields(value) : undefined;
}

/** Where an object is held: its name, after its namespace and a slash if it has one. */
export function objectKey(object: KubeObject): string {
  const { name, namespace } = object.metadata;
  return namespace === undefined ? name : `${namespace}/${name}`;
}

function isKubeObject(value: unknown): value is KubeObject {
  if (!isRecord(value)) {
    return false;
  }
  const metadata = value['metadata'];
  return (
    isRecord(metadata) &&
    isOptionalString(value['apiVersion']) &&
    isOptionalString(value['kind']) &&
    typeof metadata['name'] === 'string' &&
    metadata['name'] !== '' &&
    isOptionalString(metadata['namespace']) &&
    isOptionalString(metadata['uid']) &&
    isOptionalString(metadata['resourceVersion']) &&
    isOptionalString(metadata['creationTimestamp']) &&
    isOptionalStringMap(metadata['labels']) &&
    isOptionalStringMap(metadata['annotations'])
  );
}

function withoutManagedFields(object: KubeObject): KubeObject {
  if (!('managedFields' in object.metadata)) {
    return object;
  }
  // Deleting the field would turn the object into a hash table, at twice the memory.
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}

function isOptionalString(value: unknown): boolean {
  return value === undefined || typeof value === 'string';
}

function isOptionalStringMap(value: unknown): boolean {
  return (
    value === undefined ||
    (isRecord(value) && Object.values(value).every((entry) => typeof entry === 'string'))
  );
}
