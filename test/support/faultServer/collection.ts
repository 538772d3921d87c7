import type { KubeObject } from '../../../src/base/kubeObject';

export interface CollectionEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly version: number;
  readonly object: KubeObject;
}

/** Objects with a history, as the storage of an API server keeps them: the model that an informer has to equal. */
export class Collection {
  readonly #objects = new Map<string, KubeObject>();
  #events: CollectionEvent[] = [];
  #uids = 0;
  #version = 1000;
  /** Events up to this version are forgotten. */
  #floor = 1000;

  get version(): number {
    return this.#version;
  }

  get floor(): number {
    return this.#floor;
  }

  get size(): number {
    return this.#objects.size;
  }

  get names(): string[] {
    return [...this.#objects.keys()];
  }

  /** By name, as etcd lists them. */
  values(): KubeObject[] {
    return [...this.#objects.values()].toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
  }

  get(name: string): KubeObject | undefined {
    return this.#objects.get(name);
  }

  /** Creates or updates. */
  put(name: string, fields: Readonly<Record<string, unknown>> = {}): CollectionEvent {
    const before = this.#objects.get(name);
    this.#version += 1;
    const object: KubeObject = {
      apiVersion: 'dorgu.io/v1',
      kind: 'ClusterPersona',
      metadata: {
        name,
        uid: before?.metadata.uid ?? `uid-${(this.#uids += 1)}`,
        resourceVersion: String(this.#version),
      },
      ...fields,
    };
    this.#objects.set(name, object);
    return this.#record({
      type: before === undefined ? 'ADDED' : 'MODIFIED',
      version: this.#version,
      object,
    });
  }

  /** The event carries the object's last state with the version of its deletion. */
  delete(name: string): CollectionEvent | undefined {
    const before = this.#objects.get(name);
    if (before === undefined) {
      return undefined;
    }
    this.#objects.delete(name);
    this.#version += 1;
    const object = { ...before, metadata: { ...before.metadata, resourceVersion: String(this.#version) } };
    return this.#record({ type: 'DELETED', version: this.#version, object });
  }

  /** Something else in the cluster was written. */
  skipVersions(count: number): void {
    this.#version += count;
  }

  /** Forgets the history, as etcd's compaction does. */
  compact(): void {
    this.#events = [];
    this.#floor = this.#version;
  }

  /** Everything as it was at an older version: etcd restored from a backup. */
  restore(version: number, names: readonly string[]): void {
    for (const name of this.names) {
      if (!names.includes(name)) {
        this.#objects.delete(name);
      }
    }
    this.#events = [];
    this.#version = version;
    this.#floor = version;
  }

  since(version: number): CollectionEvent[] {
    return this.#events.filter((event) => event.version > version);
  }

  #record(event: CollectionEvent): CollectionEvent {
    this.#events.push(event);
    return event;
  }
}
