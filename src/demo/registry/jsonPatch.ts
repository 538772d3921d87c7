import { isRecord, type JsonRecord } from '../../base/jsonRecord';
import { deepEqual } from '../fieldManager/typedValue';
import { setField } from '../schema/pruning';
import { documentProblem } from './documentLimits';

/** One step of a JSON patch (RFC 6902), whose pointers are well formed. */
export interface JsonPatchOperation {
  readonly op: string;
  readonly path: string;
  readonly from?: string;
  /** Absent for a value that is not given, which tests as null. */
  readonly value?: unknown;
}

/** The API server's `JSONPatchMaxCopyBytes`. */
const MAX_COPIED_LENGTH = 3 * 1024 * 1024;

type MutableRecord = Record<string, unknown>;
type Container = MutableRecord | unknown[];

/** Where an operation acts: at a key of an object or a list. */
interface Place {
  readonly container: Container;
  readonly key: string;
}

/**
 * `document` after the operations; it stays as it is itself. `undefined` where one of them cannot be carried out, as the
 * API server's library has it: what replaces a field that is not there adds it, an index may count from the end, and
 * copies have a limit. Names are data, whatever they mean to JavaScript.
 */
export function applyJsonPatch(
  document: JsonRecord,
  operations: readonly JsonPatchOperation[],
): JsonRecord | undefined {
  const patch = new JsonPatch(document);
  return operations.every((operation) => patch.apply(operation)) ? patch.document : undefined;
}

class JsonPatch {
  #document: MutableRecord;
  #copiedLength = 0;

  constructor(document: JsonRecord) {
    this.#document = structuredClone(document);
  }

  get document(): JsonRecord {
    return this.#document;
  }

  /** Whether it could be carried out. */
  apply({ op, path, from, value }: JsonPatchOperation): boolean {
    if (path === '' && (op === 'replace' || op === 'test')) {
      return this.#applyToWhole(op, value);
    }
    switch (op) {
      case 'add':
        return this.#add(path, ownCopy(value ?? null));
      case 'remove': {
        const place = this.#placeOf(path);
        return place !== undefined && remove(place);
      }
      case 'replace': {
        const place = this.#placeOf(path);
        return place !== undefined && replace(place, ownCopy(value ?? null));
      }
      case 'test': {
        const place = this.#placeOf(path);
        const found = place === undefined ? undefined : get(place);
        return found !== undefined && deepEqual(found.value ?? null, value ?? null);
      }
      case 'move': {
        const place = from === undefined ? undefined : this.#placeOf(from);
        const found = place === undefined ? undefined : get(place);
        return place !== undefined && found !== undefined && remove(place) && this.#add(path, found.value);
      }
      case 'copy':
        return from !== undefined && this.#copy(from, path);
      default:
        return false;
    }
  }

  #applyToWhole(op: 'replace' | 'test', value: unknown): boolean {
    if (op === 'test') {
      return deepEqual(this.#document, value);
    }
    if (!isRecord(value)) {
      return false;
    }
    this.#document = structuredClone(value);
    return true;
  }

  #add(path: string, value: unknown): boolean {
    const place = this.#placeOf(path);
    return place !== undefined && add(place, value);
  }

  #copy(from: string, path: string): boolean {
    const source = this.#placeOf(from);
    const found = source === undefined ? undefined : get(source);
    // Moves may have made it so deep that it cannot be written.
    if (found === undefined || documentProblem(found.value) !== undefined) {
      return false;
    }
    const json = JSON.stringify(found.value ?? null);
    this.#copiedLength += json.length;
    return this.#copiedLength <= MAX_COPIED_LENGTH && this.#add(path, JSON.parse(json));
  }

  /** `undefined` where nothing is above it that could hold it; so the whole document has no place. */
  #placeOf(pointer: string): Place | undefined {
    const keys = pointer.split('/').slice(1).map(unescape);
    const key = keys.pop();
    if (key === undefined) {
      return undefined;
    }
    let container: Container = this.#document;
    for (const name of keys) {
      const next: unknown = get({ container, key: name })?.value;
      if (!isContainer(next)) {
        return undefined;
      }
      container = next;
    }
    return { container, key };
  }
}

/** The document is a clone, so that what is in it may be changed. */
function isContainer(value: unknown): value is Container {
  return typeof value === 'object' && value !== null;
}

/** What an operation brings is changed by the ones after it, and must stay as it was given. */
function ownCopy(value: unknown): unknown {
  return isContainer(value) ? structuredClone(value) : value;
}

function unescape(token: string): string {
  return token.replaceAll('~1', '/').replaceAll('~0', '~');
}

/** The value of a field that is not there is `undefined`; the result is so where there is no such index. */
function get({ container, key }: Place): { readonly value: unknown } | undefined {
  if (!Array.isArray(container)) {
    return { value: Object.hasOwn(container, key) ? container[key] : undefined };
  }
  const index = indexOf(key, container.length);
  return index === undefined || index >= container.length ? undefined : { value: container[index] };
}

function add({ container, key }: Place, value: unknown): boolean {
  if (!Array.isArray(container)) {
    setField(container, key, value);
    return true;
  }
  const index = key === '-' ? container.length : indexOf(key, container.length + 1);
  if (index === undefined || index > container.length) {
    return false;
  }
  container.splice(index, 0, value);
  return true;
}

function replace({ container, key }: Place, value: unknown): boolean {
  if (!Array.isArray(container)) {
    setField(container, key, value);
    return true;
  }
  const index = indexOf(key, container.length);
  if (index === undefined || index >= container.length) {
    return false;
  }
  container[index] = value;
  return true;
}

function remove({ container, key }: Place): boolean {
  if (!Array.isArray(container)) {
    return Object.hasOwn(container, key) && delete container[key];
  }
  const index = indexOf(key, container.length);
  if (index === undefined || index >= container.length) {
    return false;
  }
  container.splice(index, 1);
  return true;
}

/** As Go's `strconv.Atoi` reads it; negative ones count from `length`. It may be too large. */
function indexOf(key: string, length: number): number | undefined {
  if (!/^[+-]?\d{1,15}$/.test(key)) {
    return undefined;
  }
  const index = Number(key);
  const fromStart = index < 0 ? index + length : index;
  return fromStart < 0 ? undefined : fromStart;
}
