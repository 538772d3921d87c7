import { isRecord, type JsonRecord } from '../../base/jsonRecord';
import {
  duplicateValue,
  invalidValue,
  notSupported,
  requiredValue,
  tooLong,
  typeInvalid,
  unlocated,
  type FieldError,
} from './fieldError';
import type { StructuralSchema } from './structuralSchema';

/**
 * Everything that is wrong with `value` by its schema, in the words of the API server. `field` is where the value stands in
 * its object; empty for the object itself. Patterns are read as JavaScript's: for those of the ClusterPersona they mean the
 * same as Go's.
 */
export function validate(value: unknown, schema: StructuralSchema, field = ''): readonly FieldError[] {
  return new Validation(field).run(value, schema);
}

class Validation {
  readonly #prefix: string;
  readonly #errors: FieldError[] = [];

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  run(value: unknown, schema: StructuralSchema): readonly FieldError[] {
    this.#value(value, schema, '');
    return this.#errors;
  }

  /** Errors name the field by its whole path, and in their sentences by the path below what was validated. */
  #field(path: string): string {
    return this.#prefix === '' || path === '' ? this.#prefix + path : `${this.#prefix}.${path}`;
  }

  #value(value: unknown, schema: StructuralSchema, path: string): void {
    if (value === null && schema.nullable) {
      return;
    }
    if (!hasType(value, schema)) {
      this.#wrongType(value, schema, path);
      return;
    }
    if (typeof value === 'string') {
      this.#text(value, schema, path);
    } else if (typeof value === 'number') {
      this.#number(value, schema, path);
    } else if (Array.isArray(value)) {
      this.#list(value, schema, path);
    } else if (isRecord(value)) {
      this.#record(value, schema, path);
    }
    if (schema.enum !== undefined && !schema.enum.includes(value)) {
      this.#errors.push(notSupported(this.#field(path), value, schema.enum));
    }
  }

  #wrongType(value: unknown, schema: StructuralSchema, path: string): void {
    const isFraction = typeof value === 'number' && !Number.isInteger(value);
    const wrong = (name: string, expected: string): FieldError =>
      typeInvalid(
        this.#field(path),
        name,
        `${path} in body must be of type ${expected}: ${JSON.stringify(name)}`,
      );
    if (schema.isIntOrString) {
      this.#errors.push(
        wrong(typeName(value), 'integer,string'),
        unlocated(`"${path}" must validate at least one schema (anyOf)`),
        wrong(typeName(value), 'integer'),
        ...(isFraction
          ? [unlocated(`Checked value must be of type integer (default format) in ${path}`)]
          : []),
      );
    } else if (isFraction && schema.format !== undefined && schema.type === 'integer') {
      this.#errors.push(wrong('float64', schema.format), wrongFormat(schema.format, path));
    } else {
      this.#errors.push(wrong(typeName(value), schema.type ?? ''));
    }
  }

  #record(record: JsonRecord, schema: StructuralSchema, path: string): void {
    const pathOf = (name: string): string => (path === '' ? name : `${path}.${name}`);
    for (const name of Object.keys(record).sort()) {
      const field = schema.properties.get(name) ?? schema.additionalProperties;
      if (field !== undefined) {
        this.#value(record[name], field, pathOf(name));
      }
    }
    for (const name of schema.required) {
      if (!Object.hasOwn(record, name)) {
        this.#errors.push(requiredValue(this.#field(pathOf(name))));
      }
    }
  }

  #list(list: readonly unknown[], schema: StructuralSchema, path: string): void {
    const { items, listType, listMapKeys } = schema;
    if (items !== undefined) {
      list.forEach((item, index) => this.#value(item, items, `${path}[${index}]`));
    }
    if (listType === 'atomic') {
      return;
    }
    const seen = new Set<string>();
    list.forEach((item, index) => {
      const identity = listType === 'set' ? item : keyOfItem(item, listMapKeys);
      const text = JSON.stringify(identity);
      if (seen.has(text)) {
        this.#errors.push(duplicateValue(this.#field(`${path}[${index}]`), identity));
      }
      seen.add(text);
    });
  }

  #text(value: string, schema: StructuralSchema, path: string): void {
    const { minLength, maxLength, pattern, format } = schema;
    // Length is counted in characters, as Go's utf8.RuneCountInString does.
    const length = minLength === undefined && maxLength === undefined ? 0 : Array.from(value).length;
    if (maxLength !== undefined && length > maxLength) {
      this.#errors.push(tooLong(this.#field(path), maxLength));
    }
    if (minLength !== undefined && length < minLength) {
      this.#invalid(path, value, `should be at least ${minLength} chars long`);
    } else if (pattern !== undefined && !matches(pattern, value)) {
      this.#invalid(path, value, `should match '${pattern}'`);
    }
    if (format === 'date-time' && !isDateTime(value)) {
      this.#invalid(path, value, `must be of type date-time: ${JSON.stringify(value)}`);
    }
  }

  #number(value: number, schema: StructuralSchema, path: string): void {
    const { minimum, maximum, format } = schema;
    if (format === 'int32' && (value >= INT32_LIMIT || value < -INT32_LIMIT)) {
      this.#errors.push(wrongFormat(format, path));
    }
    if (minimum !== undefined && value < minimum) {
      this.#invalid(path, value, `should be greater than or equal to ${minimum}`);
    }
    if (maximum !== undefined && value > maximum) {
      this.#invalid(path, value, `should be less than or equal to ${maximum}`);
    }
  }

  #invalid(path: string, value: unknown, rule: string): void {
    this.#errors.push(invalidValue(this.#field(path), value, `${path} in body ${rule}`));
  }
}

const INT32_LIMIT = 2 ** 31;

function wrongFormat(format: string, path: string): FieldError {
  return unlocated(`Checked value must be of type integer with format ${format} in ${path}`);
}

/** The keys that tell the items of a list map apart. */
function keyOfItem(item: unknown, keys: readonly string[]): JsonRecord {
  return Object.fromEntries(keys.map((key) => [key, isRecord(item) ? item[key] : undefined]));
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
