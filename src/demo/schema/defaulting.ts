import { isRecord, type JsonRecord } from '../../base/jsonRecord';
import { setField } from './pruning';
import type { StructuralSchema } from './structuralSchema';

/**
 * `object` with the schema's defaults filled in: where a field is absent, or null though null is no value, and its parent
 * is there. Returns the same object where nothing was to be filled in.
 */
export function withDefaults(object: JsonRecord, schema: StructuralSchema): JsonRecord {
  return defaultRecord(object, schema);
}

function defaultValue(value: unknown, schema: StructuralSchema): unknown {
  if (isRecord(value)) {
    return defaultRecord(value, schema);
  }
  const { items } = schema;
  if (!Array.isArray(value) || items === undefined) {
    return value;
  }
  const filled = value.map((item: unknown) => defaultValue(item, items));
  return filled.every((item, index) => item === value[index]) ? value : filled;
}

function defaultRecord(record: JsonRecord, schema: StructuralSchema): JsonRecord {
  let filled: Record<string, unknown> | undefined;
  const set = (name: string, value: unknown): void => {
    filled ??= { ...record };
    setField(filled, name, value);
  };
  for (const [name, field] of schema.properties) {
    const value = Object.hasOwn(record, name) ? record[name] : undefined;
    if (field.hasDefault && (value === undefined || (value === null && !field.nullable))) {
      set(name, structuredClone(field.default));
    }
  }
  for (const [name, value] of Object.entries(filled ?? record)) {
    const field = schema.properties.get(name) ?? schema.additionalProperties;
    const next = field === undefined ? value : defaultValue(value, field);
    if (next !== value) {
      set(name, next);
    }
  }
  return filled ?? record;
}
