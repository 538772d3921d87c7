import type { KubeObject } from '../../../src/base/kubeObject';
import type { InformerHandler } from '../../../src/informer/delivery';
import type { ReadonlyStore } from '../../../src/informer/store';

/** What a handler was told adds up to: begins with what the Store held when the handler came. */
export class ToldContent {
  readonly handler: InformerHandler;
  readonly #objects = new Map<string, KubeObject>();
  readonly #onTold: (violation: string | undefined) => void;

  /** `onTold` is called with each notification, and with what was wrong about it. */
  constructor(
    store: ReadonlyStore,
    options: { readonly knowsReplaced: boolean },
    onTold: (violation: string | undefined) => void,
  ) {
    this.#onTold = onTold;
    for (const object of store.values()) {
      this.#objects.set(object.metadata.name, object);
    }
    this.handler = {
      added: (object) => this.#added(object),
      updated: (before, after) => this.#updated(before, after),
      deleted: (last) => this.#deleted(last),
      ...(options.knowsReplaced && { replaced: () => this.#replaced() }),
    };
  }

  get size(): number {
    return this.#objects.size;
  }

  get(name: string): KubeObject | undefined {
    return this.#objects.get(name);
  }

  #added(object: KubeObject): void {
    const { name } = object.metadata;
    const isNew = !this.#objects.has(name);
    this.#objects.set(name, object);
    this.#onTold(isNew ? undefined : `${name} was added twice`);
  }

  #updated(before: KubeObject, after: KubeObject): void {
    const { name, uid, resourceVersion } = after.metadata;
    const held = this.#objects.get(name);
    this.#objects.set(name, after);
    if (held !== before) {
      this.#onTold(`${name} was updated from another state than was told before`);
    } else if (before.metadata.resourceVersion === resourceVersion) {
      this.#onTold(`${name} was updated to the resourceVersion that it had`);
    } else {
      this.#onTold(before.metadata.uid === uid ? undefined : `${name} was updated to another uid`);
    }
  }

  #deleted(last: KubeObject): void {
    const { name, uid } = last.metadata;
    const held = this.#objects.get(name);
    this.#objects.delete(name);
    if (held === undefined) {
      this.#onTold(`${name} was deleted unheard of`);
    } else {
      this.#onTold(held.metadata.uid === uid ? undefined : `${name} was deleted with another uid`);
    }
  }

  #replaced(): void {
    this.#objects.clear();
    this.#onTold(undefined);
  }
}
