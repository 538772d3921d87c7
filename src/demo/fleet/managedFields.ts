/** An entry of `metadata.managedFields`: who set which fields. */
export interface ManagedFieldsEntry {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  readonly time: string;
  readonly fieldsType: 'FieldsV1';
  readonly fieldsV1: FieldsV1;
  readonly subresource?: string;
}

/** Names of fields, each after `f:`, or keys of list items after `k:`, with what is below them. */
export interface FieldsV1 {
  readonly [field: string]: FieldsV1;
}

/** Few sets are different: what many objects have in common is kept once. */
const known = new Map<string, FieldsV1>();

/** As {@link fieldsOf}; equal sets are the same object. */
export function sharedFieldsOf(value: object): FieldsV1 {
  const fields = fieldsOf(value);
  const key = JSON.stringify(fields);
  const same = known.get(key);
  if (same === undefined && known.size < MAX_KNOWN) {
    known.set(key, fields);
  }
  return same ?? fields;
}

/** More than there are in any fleet; what users write must not fill the memory. */
const MAX_KNOWN = 1000;

/**
 * The set of fields in `value`. Lists are one field as a whole, as those without a list type are, but for conditions,
 * which are a map by their type.
 */
function fieldsOf(value: object): FieldsV1 {
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, part]) => part !== undefined)
      .map(([name, part]) => [
        `f:${name}`,
        name === 'conditions' ? conditionFields(part) : fieldsBelow(part),
      ]),
  );
}

function fieldsBelow(value: unknown): FieldsV1 {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? fieldsOf(value) : {};
}

function conditionFields(conditions: unknown): FieldsV1 {
  if (!Array.isArray(conditions)) {
    return {};
  }
  return Object.fromEntries(
    conditions.map((condition: { type: string }) => [
      `k:${JSON.stringify({ type: condition.type })}`,
      { '.': {}, ...fieldsOf(condition) },
    ]),
  );
}
