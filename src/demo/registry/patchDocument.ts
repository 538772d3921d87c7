import { applyPatch, Pointer, type Operation } from 'rfc6902';
import { isRecord, type JsonRecord } from '../../base/jsonRecord';
import { ApiStatusError, badRequest, unprocessable, unsupportedMediaType } from '../apiServer/apiStatus';
import { setField } from '../schema/pruning';
import { mediaTypeOf, parseJson, parseYaml } from './requestBody';

/** A change to an object, or for `apply` what its manager wants to be there. */
export type PatchDocument =
  | { readonly type: 'json'; readonly operations: Operation[] }
  | { readonly type: 'merge'; readonly patch: JsonRecord }
  | { readonly type: 'apply'; readonly config: JsonRecord };

const JSON_PATCH = 'application/json-patch+json';
const MERGE_PATCH = 'application/merge-patch+json';
const APPLY_PATCH = 'application/apply-patch+yaml';

/** kube-apiserver's own limit. */
const MAX_OPERATIONS = 10_000;

const UNDECODABLE = 'error decoding patch';

/** Reads a patch by its media type. Throws {@link ApiStatusError}. */
export function parsePatch(body: string, contentType: string | undefined): PatchDocument {
  switch (mediaTypeOf(contentType)) {
    case JSON_PATCH:
      return { type: 'json', operations: parseOperations(body) };
    case MERGE_PATCH:
      return { type: 'merge', patch: requireRecord(parseJson(body, UNDECODABLE)) };
    case APPLY_PATCH:
      return { type: 'apply', config: requireRecord(parseYaml(body, UNDECODABLE)) };
    default:
      throw new ApiStatusError(unsupportedMediaType([JSON_PATCH, MERGE_PATCH, APPLY_PATCH]));
  }
}

/** The object after a JSON patch or a merge patch; `object` stays as it is. Throws {@link ApiStatusError}. */
export function patched(object: JsonRecord, document: Exclude<PatchDocument, { type: 'apply' }>): JsonRecord {
  if (document.type === 'merge') {
    return mergePatch(object, document.patch);
  }
  const result = structuredClone(object);
  for (const operation of document.operations) {
    const [outcome] = applyPatch(result, [asUnderstood(operation, result)]);
    if (outcome !== null) {
      throw new ApiStatusError(unprocessable());
    }
  }
  return result;
}

/** The API server's library takes the replacement of a field that an object lacks for its addition. */
function asUnderstood(operation: Operation, target: JsonRecord): Operation {
  if (operation.op !== 'replace') {
    return operation;
  }
  const { parent, key, value }: { parent: unknown; key: string; value: unknown } = Pointer.fromJSON(
    operation.path,
  ).evaluate(target);
  return value === undefined && isRecord(parent) && key !== '' ? { ...operation, op: 'add' } : operation;
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

function parseOperations(body: string): Operation[] {
  const value = parseJson(body, UNDECODABLE);
  if (!Array.isArray(value)) {
    throw new ApiStatusError(
      badRequest(
        `${UNDECODABLE}: json: cannot unmarshal ${goKind(value)} into Go value of type []handlers.jsonPatchOp`,
      ),
    );
  }
  if (value.length > MAX_OPERATIONS) {
    throw new ApiStatusError(
      badRequest(`The allowed maximum operations in a JSON patch is ${MAX_OPERATIONS}, got ${value.length}`),
    );
  }
  if (!value.every(isOperation)) {
    throw new ApiStatusError(unprocessable());
  }
  return value;
}

const OPERATIONS = ['add', 'remove', 'replace', 'move', 'copy', 'test'];

function isOperation(value: unknown): value is Operation {
  return (
    isRecord(value) &&
    typeof value['op'] === 'string' &&
    OPERATIONS.includes(value['op']) &&
    isPointer(value['path']) &&
    ((value['op'] !== 'move' && value['op'] !== 'copy') || isPointer(value['from']))
  );
}

function isPointer(value: unknown): boolean {
  return typeof value === 'string' && (value === '' || value.startsWith('/'));
}

function requireRecord(value: unknown): JsonRecord {
  if (!isRecord(value)) {
    throw new ApiStatusError(
      badRequest(
        `${UNDECODABLE}: json: cannot unmarshal ${goKind(value)} into Go value of type map[string]interface {}`,
      ),
    );
  }
  return value;
}

/** What Go's JSON package calls a value. */
function goKind(value: unknown): string {
  if (Array.isArray(value)) {
    return 'array';
  }
  return typeof value === 'boolean' ? 'bool' : typeof value;
}
