import type { KubeObject } from '../../../src/base/kubeObject';

/** The model: what the collection holds by all that was written to it, whatever the informer heard of it. */
export class ExpectedCollection {
  readonly #objects = new Map<string, KubeObject>();
  /** Whether the cluster serves the resource at all. */
  isInstalled = true;

  get objects(): ReadonlyMap<string, KubeObject> {
    return this.#objects;
  }

  has(name: string): boolean {
    return this.#objects.has(name);
  }

  put(object: KubeObject): void {
    this.#objects.set(object.metadata.name, object);
  }

  delete(name: string): void {
    this.#objects.delete(name);
  }

  replace(objects: readonly KubeObject[]): void {
    this.#objects.clear();
    objects.forEach((object) => this.put(object));
  }
}
