import { isRecord, type JsonRecord } from '../../base/jsonRecord';
import { ApiStatusError, badRequest, invalidOptions, unsupportedMediaType } from '../apiServer/apiStatus';
import { queryFlag, queryInteger } from '../apiServer/queryParameter';
import { invalidValue, notSupported } from '../schema/fieldError';
import { goKind } from './goKind';
import { JSON_TYPE, mediaTypeOf, parseJson, parseYaml, YAML_TYPE } from './requestBody';
import { dryRunErrors } from './writeOptions';

/** `meta/v1` DeleteOptions, as far as they decide what is deleted. */
export interface DeleteOptions {
  /** Preconditions: nothing but the very object that has this uid, or this version, is deleted. */
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly isDryRun: boolean;
  /** By the deprecated field: an object that stays for its finalizers is answered with 202 where it is `false`. */
  readonly orphanDependents?: boolean;
}

/** All that a client may say. There is no graceful deletion here, so that a grace period only has to be a number. */
interface GivenOptions {
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly dryRun: readonly string[];
  readonly orphanDependents?: boolean;
  readonly propagationPolicy?: string;
}

const PROPAGATION_POLICIES = ['Foreground', 'Background', 'Orphan'];

/** From the body where there is one, and else from the query. Throws {@link ApiStatusError}. */
export function parseDeleteOptions(
  body: string,
  contentType: string | undefined,
  query: URLSearchParams,
): DeleteOptions {
  const { uid, resourceVersion, dryRun, orphanDependents, propagationPolicy } =
    body === '' ? optionsOfQuery(query) : optionsOfBody(body, contentType);
  const errors = [
    ...(orphanDependents !== undefined && propagationPolicy !== undefined
      ? [
          invalidValue(
            'propagationPolicy',
            propagationPolicy,
            'orphanDependents and deletionPropagation cannot be both set',
          ),
        ]
      : []),
    ...(propagationPolicy !== undefined && !PROPAGATION_POLICIES.includes(propagationPolicy)
      ? [notSupported('propagationPolicy', propagationPolicy, [...PROPAGATION_POLICIES, 'nil'])]
      : []),
    ...dryRunErrors(dryRun),
  ];
  if (errors.length > 0) {
    throw new ApiStatusError(invalidOptions('DeleteOptions', errors));
  }
  return {
    ...(uid !== undefined && { uid }),
    ...(resourceVersion !== undefined && { resourceVersion }),
    ...(orphanDependents !== undefined && { orphanDependents }),
    isDryRun: dryRun.length > 0,
  };
}

/** Preconditions cannot be said in a query. */
function optionsOfQuery(query: URLSearchParams): GivenOptions {
  queryInteger(query, 'gracePeriodSeconds');
  const propagationPolicy = query.get('propagationPolicy');
  return {
    dryRun: query.getAll('dryRun'),
    ...(query.has('orphanDependents') && { orphanDependents: queryFlag(query, 'orphanDependents') }),
    ...(propagationPolicy !== null && { propagationPolicy }),
  };
}

/** Like the API server, which knows the fields' types and leaves out fields that it does not know. */
function optionsOfBody(body: string, contentType: string | undefined): GivenOptions {
  const record = recordOfBody(body, contentType);
  checkKind(record);
  fieldOf(record, 'DeleteOptions.gracePeriodSeconds', 'int64', isInt64);
  const orphanDependents = fieldOf(record, 'DeleteOptions.orphanDependents', 'bool', isBoolean);
  const propagationPolicy = fieldOf(
    record,
    'DeleteOptions.propagationPolicy',
    'v1.DeletionPropagation',
    isText,
  );
  const dryRun = fieldOf(record, 'DeleteOptions.dryRun', '[]string', isList) ?? [];
  const preconditions = fieldOf(record, 'DeleteOptions.preconditions', 'v1.Preconditions', isRecord) ?? {};
  const uid = fieldOf(preconditions, 'Preconditions.preconditions.uid', 'types.UID', isText);
  const resourceVersion = fieldOf(
    preconditions,
    'Preconditions.preconditions.resourceVersion',
    'string',
    isText,
  );
  return {
    dryRun: dryRun.map((value) => requireType(value, 'DeleteOptions.dryRun', 'string', isText)),
    ...(uid !== undefined && { uid }),
    ...(resourceVersion !== undefined && { resourceVersion }),
    ...(orphanDependents !== undefined && { orphanDependents }),
    ...(propagationPolicy !== undefined && { propagationPolicy }),
  };
}

const UNREADABLE = "couldn't get version/kind; json parse error";

function recordOfBody(body: string, contentType: string | undefined): JsonRecord {
  const type = mediaTypeOf(contentType) || JSON_TYPE;
  if (type !== JSON_TYPE && type !== YAML_TYPE) {
    throw new ApiStatusError(unsupportedMediaType([JSON_TYPE, YAML_TYPE]));
  }
  const value = (type === YAML_TYPE ? parseYaml(body, 'yaml') : parseJson(body, UNREADABLE)) ?? {};
  if (!isRecord(value)) {
    const target =
      'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }';
    throw refusal(`${UNREADABLE}: json: cannot unmarshal ${goKind(value)} into Go value of type ${target}`);
  }
  return value;
}

/** Each group has DeleteOptions of its own, and all are the same. */
function checkKind(record: JsonRecord): void {
  const { kind = '', apiVersion = '' } = record;
  for (const [name, value] of Object.entries({ kind, apiVersion })) {
    if (typeof value !== 'string') {
      throw refusal(
        `${UNREADABLE}: json: cannot unmarshal ${goKind(value)} into Go struct field .${name} of type string`,
      );
    }
  }
  if (kind !== '' && kind !== 'DeleteOptions') {
    throw refusal(
      `no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion || 'meta.k8s.io/v1')} in scheme "pkg/runtime/scheme.go:111"`,
    );
  }
}

/** `path` ends in the field's name; null says the same as nothing. */
function fieldOf<T>(
  record: JsonRecord,
  path: string,
  goType: string,
  isOfType: (value: unknown) => value is T,
): T | undefined {
  const name = path.slice(path.lastIndexOf('.') + 1);
  const value = Object.hasOwn(record, name) ? record[name] : undefined;
  return value === undefined || value === null ? undefined : requireType(value, path, goType, isOfType);
}

function requireType<T>(
  value: unknown,
  path: string,
  goType: string,
  isOfType: (value: unknown) => value is T,
): T {
  if (!isOfType(value)) {
    const what = goType === 'int64' && typeof value === 'number' ? `number ${value}` : goKind(value);
    throw refusal(`json: cannot unmarshal ${what} into Go struct field ${path} of type ${goType}`);
  }
  return value;
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isBoolean(value: unknown): value is boolean {
  return typeof value === 'boolean';
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

function isInt64(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && Math.abs(value) < 2 ** 63;
}

function refusal(message: string): ApiStatusError {
  return new ApiStatusError(badRequest(message));
}
