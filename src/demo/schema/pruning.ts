import { isRecord, type JsonRecord } from '../../base/jsonRecord';
import type { StructuralSchema } from './structuralSchema';

export interface Pruned<T> {
  readonly value: T;
  /** Fields that the schema does not know, such as `spec.policies.typo`, in the order of their paths. */
  readonly unknownFields: readonly string[];
}

/**
 * A copy of `object` without the fields that the schema does not know, and without nulls where null is no value and
 * nothing would take their place. What the schema says nothing about is shared with the original.
 */
export function prune(object: JsonRecord, schema: StructuralSchema): Pruned<JsonRecord> {
  const unknownFields: string[] = [];
  const value = pruneRecord(object, schema, '', unknownFields);
  return { value, unknownFields: unknownFields.sort() };
}

function pruneValue(value: unknown, schema: StructuralSchema, path: string, unknown: string[]): unknown {
  if (isRecord(value)) {
    return pruneRecord(value, schema, path, unknown);
  }
  const { items } = schema;
  return Array.isArray(value) && items !== undefined
    ? value.map((item: unknown, index) => pruneValue(item, items, `${path}[${index}]`, unknown))
    : value;
}

function pruneRecord(
  record: JsonRecord,
  schema: StructuralSchema,
  path: string,
  unknown: string[],
): JsonRecord {
  const kept: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(record)) {
    const fieldPath = path === '' ? name : `${path}.${name}`;
    const field = schema.properties.get(name) ?? schema.additionalProperties;
    if (field !== undefined) {
      if (value !== null || field.nullable || field.hasDefault) {
        setField(kept, name, pruneValue(value, field, fieldPath, unknown));
      }
    } else if (schema.preservesUnknownFields) {
      setField(kept, name, value);
    } else {
      unknown.push(fieldPath);
    }
  }
  return kept;
}

/** Sets an own field of any name: plain assignment of `__proto__` would set none. */
export function setField(record: Record<string, unknown>, name: string, value: unknown): void {
  if (name === '__proto__') {
    Object.defineProperty(record, name, { value, enumerable: true, configurable: true, writable: true });
  } else {
    record[name] = value;
  }
}
