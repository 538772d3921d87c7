import type { KubeObject } from '../base/kubeObject';
import { objectKey } from './decodeObject';

/** What is held of a collection; always the whole of it at one moment. */
export interface ReadonlyStore {
  /** By name; for objects in a namespace by `namespace/name`. */
  get(name: string): KubeObject | undefined;
  values(): IterableIterator<KubeObject>;
  readonly size: number;
}

/** `observed`: the server told it. `inferred`: it was so when looked again; the steps in between are not known. */
export type ChangeKind = 'observed' | 'inferred';

/** A difference between two contents of the Store. */
export type Delta =
  | { readonly type: 'added'; readonly object: KubeObject; readonly how: ChangeKind }
  | {
      readonly type: 'updated';
      readonly before: KubeObject;
      readonly after: KubeObject;
      readonly how: ChangeKind;
    }
  | { readonly type: 'deleted'; readonly last: KubeObject; readonly how: ChangeKind };

/**
 * The objects of one collection by name. Each change answers with what is different now; an object whose
 * resourceVersion did not change is no difference, and stays the same JavaScript object.
 */
export class Store implements ReadonlyStore {
  #objects = new Map<string, KubeObject>();

  get(name: string): KubeObject | undefined {
    return this.#objects.get(name);
  }

  values(): IterableIterator<KubeObject> {
    return this.#objects.values();
  }

  get size(): number {
    return this.#objects.size;
  }

  /** A new object of a known name replaces it when its uid is the same, and otherwise comes after its deletion. */
  put(object: KubeObject, how: ChangeKind): Delta[] {
    const key = objectKey(object);
    const before = this.#objects.get(key);
    const deltas = difference(before, object, how);
    if (deltas.length > 0) {
      this.#objects.set(key, object);
    }
    return deltas;
  }

  /** `last` is the object's final state as far as it is known. */
  delete(last: KubeObject, how: ChangeKind = 'observed'): Delta[] {
    return this.#objects.delete(objectKey(last)) ? [{ type: 'deleted', last, how }] : [];
  }

  /**
   * Puts a complete list in place of everything, at once. What is missing from it comes first among the differences, in
   * the order of the old content; then additions and updates in the order of the list.
   */
  replace(objects: readonly KubeObject[]): Delta[] {
    const next = new Map<string, KubeObject>();
    const changes: Delta[] = [];
    for (const object of objects) {
      const key = objectKey(object);
      const before = next.get(key) ?? this.#objects.get(key);
      const deltas = difference(before, object, 'inferred');
      changes.push(...deltas);
      next.set(key, deltas.length === 0 && before !== undefined ? before : object);
    }
    const deletions: Delta[] = [];
    for (const [key, last] of this.#objects) {
      if (!next.has(key)) {
        deletions.push({ type: 'deleted', last, how: 'inferred' });
      }
    }
    this.#objects = next;
    return [...deletions, ...changes];
  }

  /** Forgets everything and says what was held. */
  clear(): KubeObject[] {
    const held = [...this.#objects.values()];
    this.#objects = new Map();
    return held;
  }
}

function difference(before: KubeObject | undefined, after: KubeObject, how: ChangeKind): Delta[] {
  if (before === undefined) {
    return [{ type: 'added', object: after, how }];
  }
  if (before.metadata.uid !== after.metadata.uid) {
    return [
      { type: 'deleted', last: before, how },
      { type: 'added', object: after, how },
    ];
  }
  const version = after.metadata.resourceVersion;
  return version !== undefined && version === before.metadata.resourceVersion
    ? []
    : [{ type: 'updated', before, after, how }];
}
