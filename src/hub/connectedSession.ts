import { DisposableStore, type Disposable } from '../base/disposable';
import type { KubeFetch } from '../base/kubeFetch';
import type { PersonaFeed } from './personaFeed';

/** Everything of a source that lives from one `connect` to the next `disconnect`. What comes later is released at once. */
export class ConnectedSession implements Disposable {
  readonly #owned = new DisposableStore();
  readonly #abort = new AbortController();
  /** Of an open connection that leads to the cluster itself. */
  fetch: KubeFetch | undefined;
  informer: PersonaFeed | undefined;

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  adopt(connection: Disposable, fetch: KubeFetch | undefined): void {
    this.#owned.add(connection);
    this.fetch = fetch;
  }

  start(informer: PersonaFeed, subscriptions: readonly Disposable[]): void {
    this.informer = this.#owned.add(informer);
    for (const subscription of subscriptions) {
      this.#owned.add(subscription);
    }
  }

  dispose(): void {
    this.#abort.abort();
    this.#owned.dispose();
    this.informer = undefined;
    this.fetch = undefined;
  }
}
