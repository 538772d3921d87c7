import { isRecord, type JsonRecord } from '../../base/jsonRecord';
import { forbidden, invalidValue, requiredValue, type FieldError } from '../schema/fieldError';
import { labelKeyErrors, labelValueErrors, subdomainErrors } from './labelRules';

const MAX_ANNOTATION_BYTES = 256 * 1024;

/** The parts of ObjectMeta that decide what happens to an object; what is missing or malformed is absent here. */
export interface ObjectMeta {
  readonly name: string;
  readonly namespace?: string;
  readonly generateName?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly generation?: number;
  readonly deletionTimestamp?: string;
  readonly finalizers: readonly string[];
  /** All of it, as it was given. */
  readonly record: JsonRecord;
}

export function objectMetaOf(object: JsonRecord): ObjectMeta {
  const { metadata } = object;
  const record = isRecord(metadata) ? metadata : {};
  const text = <K extends string>(name: K): Partial<Record<K, string>> => {
    const value = record[name];
    const field: Partial<Record<K, string>> = {};
    if (typeof value === 'string' && value !== '') {
      field[name] = value;
    }
    return field;
  };
  const { generation, finalizers } = record;
  return {
    ...text('namespace'),
    ...text('generateName'),
    ...text('uid'),
    ...text('resourceVersion'),
    ...text('deletionTimestamp'),
    name: text('name').name ?? '',
    ...(typeof generation === 'number' && { generation }),
    finalizers: Array.isArray(finalizers) ? finalizers.filter((entry) => typeof entry === 'string') : [],
    record,
  };
}

/** What is wrong with the metadata of an object by itself. */
export function validateObjectMeta(meta: ObjectMeta): readonly FieldError[] {
  return [
    ...nameErrors(meta),
    ...labelErrors(meta.record['labels']),
    ...annotationErrors(meta.record['annotations']),
    ...finalizerErrors(meta.finalizers),
  ];
}

/** What an update may not change, beyond what makes the metadata wrong by itself. */
export function validateObjectMetaUpdate(meta: ObjectMeta, before: ObjectMeta): readonly FieldError[] {
  const errors = [...validateObjectMeta(meta)];
  if (meta.uid !== before.uid) {
    errors.push(invalidValue('metadata.uid', meta.uid, 'field is immutable'));
  }
  const added = meta.finalizers.filter((finalizer) => !before.finalizers.includes(finalizer));
  if (before.deletionTimestamp !== undefined && added.length > 0) {
    errors.push(
      forbidden(
        'metadata.finalizers',
        `no new finalizers can be added if the object is being deleted, found new finalizers []string{${added
          .map((finalizer) => JSON.stringify(finalizer))
          .join(', ')}}`,
      ),
    );
  }
  return errors;
}

function nameErrors({ name, generateName }: ObjectMeta): readonly FieldError[] {
  return [
    // Something follows a prefix, which may therefore end in what no name ends in.
    ...(generateName === undefined
      ? []
      : subdomainErrors('metadata.generateName', generateName.replace(/-$/, 'a'), generateName)),
    ...(name === ''
      ? [requiredValue('metadata.name', 'name or generateName is required')]
      : subdomainErrors('metadata.name', name, name)),
  ];
}

function labelErrors(labels: unknown): readonly FieldError[] {
  return Object.entries(isRecord(labels) ? labels : {}).flatMap(([key, value]) => [
    ...labelKeyErrors('metadata.labels', key),
    ...labelValueErrors('metadata.labels', String(value)),
  ]);
}

function annotationErrors(annotations: unknown): readonly FieldError[] {
  const entries = Object.entries(isRecord(annotations) ? annotations : {});
  const bytes = entries.reduce((sum, [key, value]) => sum + key.length + String(value).length, 0);
  return [
    ...entries.flatMap(([key]) => labelKeyErrors('metadata.annotations', key.toLowerCase())),
    ...(bytes > MAX_ANNOTATION_BYTES
      ? [
          {
            reason: 'FieldValueTooLong' as const,
            field: 'metadata.annotations',
            message: `Too long: may not be more than ${MAX_ANNOTATION_BYTES} bytes`,
          },
        ]
      : []),
  ];
}

function finalizerErrors(finalizers: readonly string[]): readonly FieldError[] {
  return finalizers.flatMap((finalizer) => labelKeyErrors('metadata.finalizers', finalizer));
}
