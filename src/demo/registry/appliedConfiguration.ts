import { isRecord, type JsonRecord } from '../../base/jsonRecord';
import { apiVersionOf, type ApiResource } from '../apiServer/apiResource';
import { ApiStatusError, badRequest, unclassified } from '../apiServer/apiStatus';
import type { StructuralSchema } from '../schema/structuralSchema';
import { objectMetaOf } from './objectMeta';

/**
 * The configuration of a server-side apply as it is merged. Nothing is defaulted and nothing pruned in it, since its manager
 * comes to own what it says. Throws {@link ApiStatusError}.
 */
export function checkApplied(
  config: JsonRecord,
  resource: ApiResource,
  schema: StructuralSchema,
  name: string,
): JsonRecord {
  const { apiVersion, kind } = config;
  const expected = apiVersionOf(resource);
  if (apiVersion !== expected) {
    throw new ApiStatusError(
      badRequest(
        `Incorrect version specified in apply patch. Specified patch version: ${String(apiVersion)}, expected: ${expected}`,
      ),
    );
  }
  const meta = objectMetaOf(config);
  if (meta.record['managedFields'] !== undefined && meta.record['managedFields'] !== null) {
    throw new ApiStatusError(badRequest('metadata.managedFields must be nil'));
  }
  if (meta.name !== '' && meta.name !== name) {
    throw new ApiStatusError(
      badRequest(`the name of the object (${meta.name}) does not match the name on the URL (${name})`),
    );
  }
  const errors: string[] = [];
  findTypeErrors(config, schema, '', errors);
  if (errors.length > 0) {
    throw new ApiStatusError(
      unclassified(
        `failed to create typed patch object (/${name}; ${expected}, Kind=${String(kind)}): ${
          errors.length === 1 ? errors[0] : `errors:${errors.map((error) => `\n  ${error}`).join('')}`
        }`,
      ),
    );
  }
  return { ...config, metadata: { ...meta.record, name } };
}

/** Whether the configuration has the shape that merging needs; values are validated after it. */
function findTypeErrors(value: unknown, schema: StructuralSchema, path: string, errors: string[]): void {
  if (value === null || schema.preservesUnknownFields) {
    return;
  }
  const expected = shapeExpected(value, schema);
  if (expected !== undefined) {
    errors.push(`${path}: expected ${expected}, got &value.valueUnstructured{Value:${goValue(value)}}`);
  } else if (Array.isArray(value)) {
    const { items } = schema;
    value.forEach((item: unknown, index) => {
      if (items !== undefined) {
        findTypeErrors(item, items, `${path}[${index}]`, errors);
      }
    });
  } else if (isRecord(value)) {
    for (const [name, child] of Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))) {
      const field = schema.properties.get(name) ?? schema.additionalProperties;
      if (field === undefined) {
        errors.push(`${path}.${name}: field not declared in schema`);
      } else {
        findTypeErrors(child, field, `${path}.${name}`, errors);
      }
    }
  }
}

function shapeExpected(value: unknown, { type, isIntOrString }: StructuralSchema): string | undefined {
  if (isIntOrString || type === undefined) {
    return isRecord(value) || Array.isArray(value) ? 'untyped' : undefined;
  }
  switch (type) {
    case 'object':
      return isRecord(value) ? undefined : 'map';
    case 'array':
      return Array.isArray(value) ? undefined : 'list';
    case 'integer':
    case 'number':
      return typeof value === 'number' ? undefined : 'numeric (int or float)';
    case 'string':
      return typeof value === 'string' ? undefined : 'string';
    case 'boolean':
      return typeof value === 'boolean' ? undefined : 'boolean';
    default:
      return type satisfies never;
  }
}

function goValue(value: unknown): string {
  return typeof value === 'object' ? typeof value : JSON.stringify(value);
}
