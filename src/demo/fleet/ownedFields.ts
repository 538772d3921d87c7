import { isRecord, type JsonRecord } from '../../base/jsonRecord';

/** Names of fields, each after `f:`, or keys of list items after `k:`, with what is below them. */
interface FieldsV1 {
  readonly [field: string]: FieldsV1;
}

type Operation = 'Apply' | 'Update';

/** Few sets are different: what many objects have in common is kept once. */
const known = new Map<string, FieldsV1>();

/** More than there are in any fleet; a fleet after the next must not fill the memory. */
const MAX_KNOWN = 1000;

/**
 * The fields of `value` as the API server tracks them for who wrote all of it: by an update it owns the objects as well, by
 * an apply only what is in them. Lists are one field, but for conditions, which are a map by their type. Equal sets are the
 * same object.
 */
export function ownedFields(value: object, operation: Operation): FieldsV1 {
  const fields = fieldsOf(value, operation);
  const key = JSON.stringify(fields);
  const same = known.get(key);
  if (same === undefined && known.size < MAX_KNOWN) {
    known.set(key, fields);
  }
  return same ?? fields;
}

function fieldsOf(value: object, operation: Operation): FieldsV1 {
  const fields = Object.entries(value)
    .filter(([, part]) => part !== undefined)
    .map(([name, part]): [string, FieldsV1] => [`f:${name}`, fieldsBelow(name, part, operation)]);
  return inOrder(fields);
}

function fieldsBelow(name: string, part: unknown, operation: Operation): FieldsV1 {
  const ofObject: FieldsV1 = operation === 'Update' ? { '.': {} } : {};
  if (name === 'conditions' && Array.isArray(part)) {
    return { ...ofObject, ...conditionFields(part.filter(isRecord), operation) };
  }
  return isRecord(part) ? { ...ofObject, ...fieldsOf(part, operation) } : {};
}

function conditionFields(conditions: readonly JsonRecord[], operation: Operation): FieldsV1 {
  return inOrder(
    conditions.map((condition) => [
      `k:${JSON.stringify({ type: condition['type'] })}`,
      { '.': {}, ...fieldsOf(condition, operation) },
    ]),
  );
}

function inOrder(fields: readonly (readonly [string, FieldsV1])[]): FieldsV1 {
  return Object.fromEntries(fields.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
