import { isRecord, type JsonRecord } from '../../base/jsonRecord';
import {
  ApiStatusError,
  badRequest,
  requestEntityTooLarge,
  unprocessable,
  unsupportedMediaType,
} from '../apiServer/apiStatus';
import { setField } from '../schema/pruning';
import { documentProblem } from './documentLimits';
import { goKind } from './goKind';
import { applyJsonPatch, type JsonPatchOperation } from './jsonPatch';
import { mediaTypeOf, parseJson, parseYaml } from './requestBody';

/** A change to an object, or for `apply` what its manager wants to be there. */
export type PatchDocument =
  | { readonly type: 'json'; readonly operations: readonly JsonPatchOperation[] }
  | { readonly type: 'merge'; readonly patch: JsonRecord }
  | { readonly type: 'apply'; readonly config: JsonRecord };

const JSON_PATCH = 'application/json-patch+json';
const MERGE_PATCH = 'application/merge-patch+json';
const APPLY_PATCH = 'application/apply-patch+yaml';

/** kube-apiserver's own limit. */
const MAX_OPERATIONS = 10_000;

const UNDECODABLE = 'error decoding patch';

const GO_MAP = 'map[string]interface {}';

/** Throws a 415 {@link ApiStatusError} for a media type that is none of a patch. */
export function patchTypeOf(contentType: string | undefined): PatchDocument['type'] {
  switch (mediaTypeOf(contentType)) {
    case JSON_PATCH:
      return 'json';
    case MERGE_PATCH:
      return 'merge';
    case APPLY_PATCH:
      return 'apply';
    default:
      throw new ApiStatusError(unsupportedMediaType([JSON_PATCH, MERGE_PATCH, APPLY_PATCH]));
  }
}

/** Throws {@link ApiStatusError}. */
export function parsePatch(body: string, type: PatchDocument['type']): PatchDocument {
  switch (type) {
    case 'json':
      return { type, operations: parseOperations(body) };
    case 'merge':
      return { type, patch: requireRecord(parseJson(body, UNDECODABLE), GO_MAP) };
    case 'apply':
      return { type, config: requireRecord(parseYaml(body, UNDECODABLE), GO_MAP) };
    default:
      return type satisfies never;
  }
}

/** The object after a JSON patch or a merge patch; `object` stays as it is. Throws {@link ApiStatusError}. */
export function patched(object: JsonRecord, document: Exclude<PatchDocument, { type: 'apply' }>): JsonRecord {
  if (document.type === 'merge') {
    return mergePatch(object, document.patch);
  }
  const result = applyJsonPatch(object, document.operations);
  // What came in was no deeper than it may be; moving it about makes it so.
  if (result === undefined || documentProblem(result) !== undefined) {
    throw new ApiStatusError(unprocessable());
  }
  return result;
}

/** RFC 7396. */
function mergePatch(target: JsonRecord, patch: JsonRecord): JsonRecord {
  const result: Record<string, unknown> = { ...target };
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) {
      delete result[name];
    } else if (isRecord(value)) {
      const current = Object.hasOwn(result, name) ? result[name] : undefined;
      setField(result, name, mergePatch(isRecord(current) ? current : {}, value));
    } else {
      setField(result, name, value);
    }
  }
  return result;
}

function parseOperations(body: string): readonly JsonPatchOperation[] {
  const value = parseJson(body, UNDECODABLE) ?? [];
  if (!Array.isArray(value)) {
    throw undecodable(value, 'value of type []handlers.jsonPatchOp');
  }
  if (value.length > MAX_OPERATIONS) {
    throw new ApiStatusError(
      requestEntityTooLarge(
        `The allowed maximum operations in a JSON patch is ${MAX_OPERATIONS}, got ${value.length}`,
      ),
    );
  }
  return value.map(decodeOperation);
}

function decodeOperation(value: unknown): JsonPatchOperation {
  const record = requireRecord(value ?? {}, 'handlers.jsonPatchOp');
  const textOf = (name: string): string | undefined => {
    const text = record[name] ?? undefined;
    if (text !== undefined && typeof text !== 'string') {
      throw undecodable(text, `struct field jsonPatchOp.${name} of type string`);
    }
    return text;
  };
  const [op, path, from] = [textOf('op'), textOf('path'), textOf('from')];
  if (op === undefined || path === undefined) {
    throw new ApiStatusError(unprocessable());
  }
  return { op, path, ...(from !== undefined && { from }), value: record['value'] };
}

function requireRecord(value: unknown, goType: string): JsonRecord {
  if (!isRecord(value)) {
    throw undecodable(value, `value of type ${goType}`);
  }
  return value;
}

function undecodable(value: unknown, target: string): ApiStatusError {
  return new ApiStatusError(
    badRequest(`${UNDECODABLE}: json: cannot unmarshal ${goKind(value)} into Go ${target}`),
  );
}
