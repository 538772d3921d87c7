import { Emitter, type Event } from '../../base/emitter';
import type { KubeObject } from '../../base/kubeObject';
import type { Logger } from '../../base/logger';
import type { ApiResource } from './apiResource';

/** One version of one object, immutable. Its JSON is made once and shared by all who list or watch it. */
export class StoredObject {
  readonly object: KubeObject;
  readonly revision: number;
  #json: string | undefined;

  constructor(object: KubeObject, revision: number) {
    this.object = object;
    this.revision = revision;
  }

  get json(): string {
    this.#json ??= JSON.stringify(this.object);
    return this.#json;
  }
}

export interface StorageEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly resource: ApiResource;
  readonly revision: number;
  /** The state after the change; of a deletion the last one, with the revision of the deletion. */
  readonly current: StoredObject;
  /** The state before the change; absent when the object is new. */
  readonly previous?: StoredObject;
}

/** The revision asked for is older than what the history can answer. */
export const COMPACTED = 'compacted';

export interface StorageSnapshot {
  readonly revision: number;
  /** In the order of their keys, as etcd returns them. */
  readonly items: readonly StoredObject[];
}

export interface ObjectStorageOptions {
  readonly logger: Logger;
  /** Changes remembered for watches and for lists of the past. */
  readonly historyLimit: number;
}

/** A cluster that is in use has a past; and 0 has a meaning of its own. */
const FIRST_REVISION = 1000;

/**
 * Keeps objects as etcd does: one revision counter for all resources, raised by one with every write, and a bounded
 * history from which watches are fed and the state at a recent revision is rebuilt.
 */
export class ObjectStorage {
  readonly #collections = new Map<ApiResource, Map<string, StoredObject>>();
  readonly #snapshots = new Map<ApiResource, readonly StoredObject[]>();
  readonly #historyLimit: number;
  readonly #events: Emitter<StorageEvent>;
  #history: StorageEvent[] = [];
  #revision = FIRST_REVISION;
  /** The newest revision that the history no longer holds. */
  #compactedRevision = FIRST_REVISION;

  constructor(options: ObjectStorageOptions) {
    this.#historyLimit = options.historyLimit;
    this.#events = new Emitter((error) => options.logger.error('a listener of the storage failed', error));
  }

  /** Fires after each write, in the order of revisions. */
  get onEvent(): Event<StorageEvent> {
    return this.#events.event;
  }

  /** The newest revision. */
  get revision(): number {
    return this.#revision;
  }

  get(resource: ApiResource, namespace: string | undefined, name: string): StoredObject | undefined {
    return this.#collection(resource).get(keyOf(namespace, name));
  }

  /** Creates or replaces the object; its `resourceVersion` is set here. */
  put(resource: ApiResource, object: KubeObject): StoredObject {
    const key = keyOf(object.metadata.namespace, object.metadata.name);
    const collection = this.#collection(resource);
    const previous = collection.get(key);
    const current = this.#next(object);
    collection.set(key, current);
    const { revision } = current;
    this.#append(
      previous === undefined
        ? { type: 'ADDED', resource, revision, current }
        : { type: 'MODIFIED', resource, revision, current, previous },
    );
    return current;
  }

  /** Returns the last state, or `undefined` when there was none. */
  delete(resource: ApiResource, namespace: string | undefined, name: string): StoredObject | undefined {
    const key = keyOf(namespace, name);
    const collection = this.#collection(resource);
    const previous = collection.get(key);
    if (previous === undefined) {
      return undefined;
    }
    collection.delete(key);
    const current = this.#next(previous.object);
    this.#append({ type: 'DELETED', resource, revision: current.revision, current, previous });
    return current;
  }

  /** Everything of a resource. The items are put in order once for all who ask before the next write. */
  listNow(resource: ApiResource): StorageSnapshot {
    let snapshot = this.#snapshots.get(resource);
    if (snapshot === undefined) {
      snapshot = inOrder(this.#collection(resource));
      this.#snapshots.set(resource, snapshot);
    }
    return { revision: this.#revision, items: snapshot };
  }

  /** Everything of a resource as it was at `revision`, by default now. */
  list(resource: ApiResource, revision: number = this.#revision): StorageSnapshot | typeof COMPACTED {
    if (revision < this.#compactedRevision) {
      return COMPACTED;
    }
    if (revision >= this.#revision) {
      return this.listNow(resource);
    }
    const objects = new Map(this.#collection(resource));
    for (let index = this.#history.length - 1; index >= 0; index -= 1) {
      const event = this.#history[index];
      if (event === undefined || event.revision <= revision) {
        break;
      }
      if (event.resource === resource) {
        undo(objects, event);
      }
    }
    return { revision, items: inOrder(objects) };
  }

  /** Forgets the past: watches and lists of it are refused from now on. */
  compact(): void {
    this.#compact(this.#history.length);
  }

  /** The changes of a resource after `revision`, oldest first. */
  changesSince(resource: ApiResource, revision: number): readonly StorageEvent[] | typeof COMPACTED {
    if (revision < this.#compactedRevision) {
      return COMPACTED;
    }
    return this.#history.filter((event) => event.revision > revision && event.resource === resource);
  }

  #collection(resource: ApiResource): Map<string, StoredObject> {
    let collection = this.#collections.get(resource);
    if (collection === undefined) {
      collection = new Map();
      this.#collections.set(resource, collection);
    }
    return collection;
  }

  #next(object: KubeObject): StoredObject {
    this.#revision += 1;
    const metadata = { ...object.metadata, resourceVersion: String(this.#revision) };
    return new StoredObject({ ...object, metadata }, this.#revision);
  }

  #append(event: StorageEvent): void {
    this.#snapshots.delete(event.resource);
    this.#history.push(event);
    // Dropped in bulk: shifting a full history with every write would cost its length each time.
    if (this.#history.length >= 2 * this.#historyLimit) {
      this.#compact(this.#history.length - this.#historyLimit);
    }
    this.#events.fire(event);
  }

  #compact(count: number): void {
    const last = this.#history[count - 1];
    if (last !== undefined) {
      this.#compactedRevision = last.revision;
      this.#history = this.#history.slice(count);
    }
  }
}

/** The key of an object within its resource; keys order a list. */
export function keyOf(namespace: string | undefined, name: string): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}

function inOrder(objects: ReadonlyMap<string, StoredObject>): readonly StoredObject[] {
  return [...objects.keys()].sort().flatMap((key) => objects.get(key) ?? []);
}

function undo(objects: Map<string, StoredObject>, event: StorageEvent): void {
  const { namespace, name } = event.current.object.metadata;
  const key = keyOf(namespace, name);
  if (event.previous === undefined) {
    objects.delete(key);
  } else {
    objects.set(key, event.previous);
  }
}
