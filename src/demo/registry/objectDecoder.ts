import { isRecord, type JsonRecord } from '../../base/jsonRecord';
import { apiVersionOf, type ApiResource } from '../apiServer/apiResource';
import { ApiStatusError, badRequest, invalidKind, unsupportedMediaType } from '../apiServer/apiStatus';
import { withDefaults } from '../schema/defaulting';
import { invalidValue } from '../schema/fieldError';
import { OBJECT_META_SCHEMA } from '../schema/objectMetaSchema';
import { prune } from '../schema/pruning';
import type { StructuralSchema } from '../schema/structuralSchema';
import { validate } from '../schema/validation';
import { objectMetaOf } from './objectMeta';
import { duplicateFields } from './duplicateFields';
import { JSON_TYPE, mediaTypeOf, parseJson, parseYaml, YAML_TYPE } from './requestBody';
import type { WriteOptions } from './writeOptions';

/** An object somebody sent, and what stands in its text more than once. */
export interface ParsedObject {
  readonly object: JsonRecord;
  /** Paths of fields; only the last of each is in the object. */
  readonly duplicates: readonly string[];
}

export interface Decoded {
  /** Without fields that nobody knows, and with the schema's defaults. */
  readonly object: JsonRecord;
  /** For the `Warning` headers of the answer. */
  readonly warnings: readonly string[];
}

/** The object in the body of a write, JSON unless it says that it is YAML. Throws {@link ApiStatusError}. */
export function parseObject(
  body: string,
  contentType: string | undefined,
  resource: ApiResource,
): ParsedObject {
  const type = mediaTypeOf(contentType) || JSON_TYPE;
  if (type !== JSON_TYPE && type !== YAML_TYPE) {
    throw new ApiStatusError(unsupportedMediaType([JSON_TYPE, YAML_TYPE]));
  }
  const unrecognized = `the object provided is unrecognized (must be of type ${resource.kind})`;
  const value =
    type === YAML_TYPE
      ? parseYaml(body, unrecognized)
      : parseJson(
          body,
          `${unrecognized}: couldn't get version/kind; json parse error`,
          ` (${summaryOf(body)})`,
        );
  if (!isRecord(value)) {
    throw new ApiStatusError(badRequest(`${unrecognized}: it is no object`));
  }
  checkKind(value, resource, `${unrecognized}: Object 'Kind' is missing in '${body}' (${summaryOf(body)})`);
  return { object: value, duplicates: type === JSON_TYPE ? duplicateFields(body) : [] };
}

const SUMMARY_LENGTH = 30;

/** The beginning of a body as the API server shows it: what does not look like JSON is shown by its bytes. */
function summaryOf(body: string): string {
  if (body === '') {
    return '<empty>';
  }
  const bytes = new TextEncoder().encode(body.slice(0, SUMMARY_LENGTH)).slice(0, SUMMARY_LENGTH);
  const start = body.startsWith('{')
    ? new TextDecoder().decode(bytes)
    : Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return body.length > SUMMARY_LENGTH ? `${start} ...` : start;
}

function checkKind(body: JsonRecord, resource: ApiResource, missing: string): void {
  const { apiVersion, kind } = body;
  if (typeof kind !== 'string' || kind === '') {
    throw new ApiStatusError(badRequest(missing));
  }
  if (apiVersion !== apiVersionOf(resource)) {
    throw new ApiStatusError(
      badRequest(
        `the API version in the data (${String(apiVersion)}) does not match the expected API version (${apiVersionOf(resource)})`,
      ),
    );
  }
  if (kind !== resource.kind) {
    const error = invalidValue('kind', kind, `must be ${resource.kind}`);
    throw new ApiStatusError(invalidKind(kind, resource.group, objectMetaOf(body).name, [error]));
  }
}

/**
 * What the server makes of an object somebody wrote. Throws {@link ApiStatusError} for metadata that cannot be read, and
 * where validation is strict the one that `refuse` makes of fields that are unknown or stand twice.
 */
export function decodeObject(
  { object: given, duplicates }: ParsedObject,
  resource: ApiResource,
  schema: StructuralSchema,
  fieldValidation: WriteOptions['fieldValidation'],
  refuse: (message: string) => ApiStatusError = (message) => cannotHandle(resource, message),
): Decoded {
  const body = withMetadataTexts(given);
  checkMetadata(body['metadata'], resource);
  const { value, unknownFields } = prune(body, schema);
  const warnings = [
    ...duplicates.map((field) => `duplicate field ${JSON.stringify(field)}`),
    ...unknownFields.map((field) => `unknown field ${JSON.stringify(field)}`),
  ];
  if (warnings.length > 0 && fieldValidation === 'Strict') {
    throw refuse(`strict decoding error: ${warnings.join(', ')}`);
  }
  return {
    object: withDefaults(withoutEmptyMetadata(value), schema),
    warnings: fieldValidation === 'Ignore' ? [] : warnings,
  };
}

/** Metadata of wrong types cannot even be read. Throws a 400 {@link ApiStatusError}. */
export function checkMetadata(metadata: unknown, resource: ApiResource): void {
  const [error] = validate(metadata ?? {}, NULLABLE_META_SCHEMA, 'metadata');
  if (error !== undefined) {
    throw cannotHandle(resource, `${error.field}: ${error.message}`);
  }
}

/** Clients write null for what they leave out. */
const NULLABLE_META_SCHEMA: StructuralSchema = {
  ...OBJECT_META_SCHEMA,
  properties: new Map(
    [...OBJECT_META_SCHEMA.properties].map(([name, schema]) => [name, { ...schema, nullable: true }]),
  ),
};

function cannotHandle({ kind, version }: ApiResource, message: string): ApiStatusError {
  return new ApiStatusError(
    badRequest(`${kind} in version "${version}" cannot be handled as a ${kind}: ${message}`),
  );
}

/** Where a text has to be, null is the empty one. */
export function withMetadataTexts(object: JsonRecord): JsonRecord {
  const { record } = objectMetaOf(object);
  const { labels, annotations } = record;
  return isRecord(labels) || isRecord(annotations)
    ? {
        ...object,
        metadata: {
          ...record,
          ...(isRecord(labels) && { labels: withTexts(labels) }),
          ...(isRecord(annotations) && { annotations: withTexts(annotations) }),
        },
      }
    : object;
}

function withTexts(record: JsonRecord): JsonRecord {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, value ?? '']));
}

/** Metadata has no empty fields: one that becomes empty goes. */
export function withoutEmptyMetadata(object: JsonRecord): JsonRecord {
  const metadata = Object.entries(objectMetaOf(object).record).filter(([, value]) => !isEmpty(value));
  return { ...object, metadata: Object.fromEntries(metadata) };
}

function isEmpty(value: unknown): boolean {
  return (
    value === null ||
    value === undefined ||
    value === '' ||
    (Array.isArray(value) && value.length === 0) ||
    (isRecord(value) && Object.keys(value).length === 0)
  );
}
