import { isRecord, type JsonRecord } from '../../base/jsonRecord';
import { setField } from './pruning';

/** A copy with the fields of every object in the order of their names, as the API server writes custom resources. */
export function sortedKeys(record: JsonRecord): JsonRecord {
  const sorted: Record<string, unknown> = {};
  for (const name of Object.keys(record).sort()) {
    if (record[name] !== undefined) {
      setField(sorted, name, sortedValue(record[name]));
    }
  }
  return sorted;
}

function sortedValue(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(sortedValue);
  }
  return isRecord(value) ? sortedKeys(value) : value;
}
