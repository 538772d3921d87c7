import { isRecord, type JsonRecord } from '../../base/jsonRecord';
import { forbidden, invalidValue, requiredValue, type FieldError } from '../schema/fieldError';
import { deepEqual } from '../fieldManager/typedValue';

const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const SUBDOMAIN_MAX_LENGTH = 253;
const SUBDOMAIN_RULE =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end " +
  "with an alphanumeric character (e.g. 'example.com', regex used for validation is " +
  "'[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

const LABEL_NAME = /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/;
const LABEL_MAX_LENGTH = 63;
const LABEL_NAME_RULE =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric " +
  "character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is " +
  "'([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const LABEL_VALUE_RULE =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end " +
  "with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is " +
  "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

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
  for (const field of ['uid', 'creationTimestamp', 'deletionTimestamp', 'deletionGracePeriodSeconds']) {
    const value = meta.record[field];
    if (!deepEqual(value, before.record[field])) {
      errors.push(invalidValue(`metadata.${field}`, value, 'field is immutable'));
    }
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

function subdomainErrors(field: string, name: string, given: string): readonly FieldError[] {
  return [
    ...(name.length > SUBDOMAIN_MAX_LENGTH
      ? [invalidValue(field, given, `must be no more than ${SUBDOMAIN_MAX_LENGTH} bytes`)]
      : []),
    ...(SUBDOMAIN.test(name) ? [] : [invalidValue(field, given, SUBDOMAIN_RULE)]),
  ];
}

function labelErrors(labels: unknown): readonly FieldError[] {
  return Object.entries(isRecord(labels) ? labels : {}).flatMap(([key, value]) => {
    const errors = keyErrors('metadata.labels', key);
    const text = String(value);
    if (text.length > LABEL_MAX_LENGTH) {
      errors.push(invalidValue('metadata.labels', text, `must be no more than ${LABEL_MAX_LENGTH} bytes`));
    }
    if (text !== '' && !LABEL_NAME.test(text)) {
      errors.push(invalidValue('metadata.labels', text, LABEL_VALUE_RULE));
    }
    return errors;
  });
}

function annotationErrors(annotations: unknown): readonly FieldError[] {
  const entries = Object.entries(isRecord(annotations) ? annotations : {});
  const bytes = entries.reduce((sum, [key, value]) => sum + key.length + String(value).length, 0);
  return [
    ...entries.flatMap(([key]) => keyErrors('metadata.annotations', key.toLowerCase())),
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

/** A qualified name: a domain may stand before its name. */
function keyErrors(field: string, key: string): FieldError[] {
  const parts = key.split('/');
  const name = parts.at(-1) ?? '';
  const errors: FieldError[] = [];
  if (parts.length > 2) {
    return [
      invalidValue(
        field,
        key,
        `a qualified name must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
      ),
    ];
  }
  const [domain] = parts;
  if (parts.length === 2 && domain !== undefined) {
    if (domain === '') {
      errors.push(invalidValue(field, key, 'prefix part must be non-empty'));
    } else if (!SUBDOMAIN.test(domain)) {
      errors.push(invalidValue(field, key, `prefix part ${SUBDOMAIN_RULE}`));
    }
  }
  if (name === '') {
    errors.push(invalidValue(field, key, 'name part must be non-empty'));
  } else if (name.length > LABEL_MAX_LENGTH) {
    errors.push(invalidValue(field, key, `name part must be no more than ${LABEL_MAX_LENGTH} bytes`));
  }
  if (!LABEL_NAME.test(name)) {
    errors.push(invalidValue(field, key, LABEL_NAME_RULE));
  }
  return errors;
}

function finalizerErrors(finalizers: readonly string[]): readonly FieldError[] {
  return finalizers.flatMap((finalizer) => keyErrors('metadata.finalizers', finalizer));
}
