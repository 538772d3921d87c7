import { isRecord, type JsonRecord } from '../../base/jsonRecord';
import {
  duplicateValue,
  invalidValue,
  notSupported,
  requiredValue,
  tooLong,
  typeInvalid,
  type FieldError,
} from './fieldError';
import type { StructuralSchema } from './structuralSchema';

/**
 * Everything that is wrong with `object` by its schema, in the words of the API server. Patterns are read as JavaScript's:
 * for those of the ClusterPersona they mean the same as Go's.
 */
export function validate(object: JsonRecord, schema: StructuralSchema): readonly FieldError[] {
  const errors: FieldError[] = [];
  validateValue(object, schema, '', errors);
  return errors;
}

function validateValue(
  value: unknown,
  schema: StructuralSchema,
  path: string,
  errors: FieldError[],
): void {
  if (value === null && schema.nullable) {
    return;
  }
  if (!hasType(value, schema)) {
    const expected = schema.isIntOrString ? 'integer,string' : schema.type;
    errors.push(
      typeInvalid(
        path,
        typeName(value),
        `${path} in body must be of type ${expected}: ${JSON.stringify(typeName(value))}`,
      ),
    );
    return;
  }
  if (typeof value === 'string') {
    validateText(value, schema, path, errors);
  } else if (typeof value === 'number') {
    validateNumber(value, schema, path, errors);
  } else if (Array.isArray(value)) {
    validateList(value, schema, path, errors);
  } else if (isRecord(value)) {
    validateRecord(value, schema, path, errors);
  }
  if (schema.enum !== undefined && !schema.enum.includes(value)) {
    errors.push(notSupported(path, value, schema.enum));
  }
}

function validateRecord(
  record: JsonRecord,
  schema: StructuralSchema,
  path: string,
  errors: FieldError[],
): void {
  const pathOf = (name: string): string => (path === '' ? name : `${path}.${name}`);
  for (const name of schema.required) {
    if (!Object.hasOwn(record, name)) {
      errors.push(requiredValue(pathOf(name)));
    }
  }
  for (const name of Object.keys(record).sort()) {
    const field = schema.properties.get(name) ?? schema.additionalProperties;
    if (field !== undefined) {
      validateValue(record[name], field, pathOf(name), errors);
    }
  }
}

function validateList(
  list: readonly unknown[],
  schema: StructuralSchema,
  path: string,
  errors: FieldError[],
): void {
  const { items, listType, listMapKeys } = schema;
  if (items !== undefined) {
    list.forEach((item, index) => validateValue(item, items, `${path}[${index}]`, errors));
  }
  if (listType === 'atomic') {
    return;
  }
  const seen = new Set<string>();
  list.forEach((item, index) => {
    const identity = listType === 'set' ? item : keyOfItem(item, listMapKeys);
    const text = JSON.stringify(identity);
    if (seen.has(text)) {
      errors.push(duplicateValue(`${path}[${index}]`, identity));
    }
    seen.add(text);
  });
}

/** The keys that tell the items of a list map apart. */
function keyOfItem(item: unknown, keys: readonly string[]): JsonRecord {
  return Object.fromEntries(keys.map((key) => [key, isRecord(item) ? item[key] : undefined]));
}

function validateText(value: string, schema: StructuralSchema, path: string, errors: FieldError[]): void {
  const { minLength, maxLength, pattern, format } = schema;
  // Length is counted in characters, as Go's utf8.RuneCountInString does.
  const length = minLength === undefined && maxLength === undefined ? 0 : [...value].length;
  if (maxLength !== undefined && length > maxLength) {
    errors.push(tooLong(path, maxLength));
  }
  if (minLength !== undefined && length < minLength) {
    errors.push(invalidValue(path, value, `${path} in body should be at least ${minLength} chars long`));
  }
  if (pattern !== undefined && !matches(pattern, value)) {
    errors.push(invalidValue(path, value, `${path} in body should match '${pattern}'`));
  }
  if (format === 'date-time' && !isDateTime(value)) {
    errors.push(
      invalidValue(path, value, `${path} in body must be of type date-time: ${JSON.stringify(value)}`),
    );
  }
}

const patterns = new Map<string, RegExp>();

function matches(pattern: string, value: string): boolean {
  let expression = patterns.get(pattern);
  if (expression === undefined) {
    expression = new RegExp(pattern, 'u');
    patterns.set(pattern, expression);
  }
  return expression.test(value);
}

const DATE_TIME = /^\d{4}-\d{2}-\d{2}[Tt]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:?\d{2})$/;

function isDateTime(value: string): boolean {
  return DATE_TIME.test(value) && !Number.isNaN(Date.parse(value));
}

const INT32_LIMIT = 2 ** 31;

function validateNumber(value: number, schema: StructuralSchema, path: string, errors: FieldError[]): void {
  const { minimum, maximum, format } = schema;
  if (format === 'int32' && (value >= INT32_LIMIT || value < -INT32_LIMIT)) {
    errors.push(
      invalidValue(path, value, `Checked value must be of type integer with format int32 in ${path}`),
    );
  }
  if (minimum !== undefined && value < minimum) {
    errors.push(
      invalidValue(path, value, `${path} in body should be greater than or equal to ${minimum}`),
    );
  }
  if (maximum !== undefined && value > maximum) {
    errors.push(invalidValue(path, value, `${path} in body should be less than or equal to ${maximum}`));
  }
}

function hasType(value: unknown, schema: StructuralSchema): boolean {
  if (schema.isIntOrString) {
    return typeof value === 'string' || Number.isInteger(value);
  }
  switch (schema.type) {
    case undefined:
      return true;
    case 'object':
      return isRecord(value);
    case 'array':
      return Array.isArray(value);
    case 'integer':
      return Number.isInteger(value);
    case 'string':
    case 'number':
    case 'boolean':
      return typeof value === schema.type;
    default:
      return schema.type satisfies never;
  }
}

function typeName(value: unknown): string {
  if (value === null || value === undefined) {
    return 'null';
  }
  if (Array.isArray(value)) {
    return 'array';
  }
  return typeof value === 'number' ? (Number.isInteger(value) ? 'integer' : 'number') : typeof value;
}
