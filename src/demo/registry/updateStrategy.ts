import { isRecord, type JsonRecord } from '../../base/jsonRecord';
import { fieldSetOf, type FieldSet } from '../fieldManager/fieldSet';
import { deepEqual } from '../fieldManager/typedValue';
import { objectMetaOf } from './objectMeta';

/** Which part of an object a write is about: all but the status, or nothing but it. */
export type WritePart = 'object' | 'status';

const RESET_FIELDS: Readonly<Record<WritePart, FieldSet>> = {
  object: fieldSetOf(['status']),
  status: fieldSetOf(['metadata'], ['spec']),
};

/** Fields that a write of this part leaves as they are, whatever it says about them. */
export function resetFieldsOf(part: WritePart): FieldSet {
  return RESET_FIELDS[part];
}

/**
 * What is stored after `before` was replaced by `written`: of the part that was written what was written, of everything
 * else what there was. The generation counts changes of what people want, so status and metadata do not raise it.
 */
export function mergeParts(before: JsonRecord, written: JsonRecord, part: WritePart): JsonRecord {
  if (part === 'status') {
    const { managedFields: _, ...metadata } = objectMetaOf(before).record;
    const { managedFields } = objectMetaOf(written).record;
    return withStatus(
      { ...before, metadata: { ...metadata, ...(managedFields !== undefined && { managedFields }) } },
      written['status'],
    );
  }
  const next = withStatus(written, before['status']);
  const generation = objectMetaOf(before).generation ?? 1;
  const isSame = deepEqual(wanted(before), wanted(next));
  return {
    ...next,
    metadata: { ...objectMetaOf(next).record, generation: isSame ? generation : generation + 1 },
  };
}

function withStatus(object: JsonRecord, status: unknown): JsonRecord {
  const { status: _, ...rest } = object;
  return status === undefined ? rest : { ...rest, status };
}

function wanted(object: JsonRecord): JsonRecord {
  return { ...object, metadata: undefined, status: undefined };
}

/** Nobody sets these but the server, whatever a write says. */
const SERVER_FIELDS = [
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'generation',
  'resourceVersion',
  'selfLink',
];

/** What every object keeps; a uid may be left out, but not be another one. */
export function keepSystemFields(before: JsonRecord, written: JsonRecord): JsonRecord {
  const known = objectMetaOf(before).record;
  const metadata: Record<string, unknown> = { ...objectMetaOf(written).record };
  for (const field of SERVER_FIELDS) {
    metadata[field] = known[field];
  }
  metadata['uid'] ??= known['uid'];
  return { ...written, metadata };
}

/** When managers last wrote is no change by itself: a write that says what is there already is none. */
export function isSameButForTimes(before: JsonRecord, after: JsonRecord): boolean {
  return deepEqual(withoutTimes(before), withoutTimes(after));
}

function withoutTimes(object: JsonRecord): JsonRecord {
  const { record } = objectMetaOf(object);
  const { managedFields } = record;
  return {
    ...object,
    metadata: {
      ...record,
      managedFields: Array.isArray(managedFields) ? managedFields.map(withoutTime) : undefined,
    },
  };
}

function withoutTime(entry: unknown): unknown {
  return isRecord(entry) ? { ...entry, time: undefined } : entry;
}
