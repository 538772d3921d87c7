import { DisposableStore, type Disposable } from '../base/disposable';
import type { KubeFetch } from '../base/kubeFetch';
import type { Informer } from '../informer/informer';

interface Connection extends Disposable {
  readonly fetch: KubeFetch;
}

/** Everything of a source that lives from one `connect` to the next `disconnect`. What comes later is released at once. */
export class ConnectedSession implements Disposable {
  readonly #owned = new DisposableStore();
  readonly #abort = new AbortController();
  connection: Connection | undefined;
  informer: Informer | undefined;

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  adopt(connection: Connection): void {
    this.connection = this.#owned.add(connection);
  }

  start(informer: Informer, subscriptions: readonly Disposable[]): void {
    this.informer = this.#owned.add(informer);
    for (const subscription of subscriptions) {
      this.#owned.add(subscription);
    }
  }

  dispose(): void {
    this.#abort.abort();
    this.#owned.dispose();
    this.informer = undefined;
    this.connection = undefined;
  }
}
