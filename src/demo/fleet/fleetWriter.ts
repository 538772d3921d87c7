import type { Disposable } from '../../base/disposable';
import type { JsonRecord } from '../../base/jsonRecord';
import type { KubeObject } from '../../base/kubeObject';
import { CLUSTER_PERSONAS, type ApiResource } from '../apiServer/apiResource';
import type { ObjectStorage } from '../apiServer/objectStorage';
import type { ObjectWriter } from '../registry/objectWriter';

export interface FleetChange {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly resource: ApiResource;
  readonly object: KubeObject;
  readonly previous: KubeObject | undefined;
}

/**
 * What those who live in the demo cluster do with it: they are clients of its API like any other. `manager` is the name
 * under which they write. An object that is not there is not written: whoever deleted it meant it.
 */
export interface FleetWriter {
  get(resource: ApiResource, namespace: string | undefined, name: string): KubeObject | undefined;
  list(resource: ApiResource): readonly KubeObject[];
  /** Returns what was made; an object of that name that is already there stays as it is, and `undefined` is returned. */
  create(resource: ApiResource, object: KubeObject, manager: string): KubeObject | undefined;
  /** Replaces the object as a whole; for objects that nobody but the demo writes. */
  replace(resource: ApiResource, object: KubeObject, manager: string): void;
  /** Replaces the status, and nothing else. */
  writeStatus(
    resource: ApiResource,
    namespace: string | undefined,
    name: string,
    status: JsonRecord,
    manager: string,
  ): void;
  delete(resource: ApiResource, namespace: string | undefined, name: string): void;
  /** Calls back after every change of whatever kind, whoever made it, before the call that made it returns. */
  onChanged(listener: (change: FleetChange) => void): Disposable;
}

/** ClusterPersonas are written by the rules that hold for everybody; what is read only goes to the storage as it is. */
export class ApiFleetWriter implements FleetWriter {
  readonly #storage: ObjectStorage;
  readonly #personas: ObjectWriter;

  constructor(storage: ObjectStorage, personas: ObjectWriter) {
    this.#storage = storage;
    this.#personas = personas;
  }

  get(resource: ApiResource, namespace: string | undefined, name: string): KubeObject | undefined {
    return this.#storage.get(resource, namespace, name)?.object;
  }

  list(resource: ApiResource): readonly KubeObject[] {
    return this.#storage.listNow(resource).items.map((item) => item.object);
  }

  create(resource: ApiResource, object: KubeObject, manager: string): KubeObject | undefined {
    if (this.#find(resource, object) !== undefined) {
      return undefined;
    }
    if (resource === CLUSTER_PERSONAS) {
      const options = { manager, isDryRun: false, fieldValidation: 'Strict', force: false } as const;
      return this.#personas.create({ object, duplicates: [] }, options).object;
    }
    return this.#storage.put(resource, object).object;
  }

  replace(resource: ApiResource, object: KubeObject, _manager: string): void {
    if (this.#find(resource, object) !== undefined) {
      this.#storage.put(resource, object);
    }
  }

  writeStatus(
    resource: ApiResource,
    namespace: string | undefined,
    name: string,
    status: JsonRecord,
    manager: string,
  ): void {
    const stored = this.get(resource, namespace, name);
    if (resource === CLUSTER_PERSONAS) {
      this.#personas.replaceStatus(name, status, manager);
    } else if (stored !== undefined) {
      this.#storage.put(resource, { ...stored, status });
    }
  }

  delete(resource: ApiResource, namespace: string | undefined, name: string): void {
    if (this.get(resource, namespace, name) === undefined) {
      return;
    }
    if (resource === CLUSTER_PERSONAS) {
      this.#personas.delete(name, { isDryRun: false });
    } else {
      this.#storage.delete(resource, namespace, name);
    }
  }

  onChanged(listener: (change: FleetChange) => void): Disposable {
    return this.#storage.onEvent(({ type, resource, current, previous }) =>
      listener({ type, resource, object: current.object, previous: previous?.object }),
    );
  }

  #find(resource: ApiResource, { metadata }: KubeObject): KubeObject | undefined {
    return this.get(resource, metadata.namespace, metadata.name);
  }
}
