import { toDisposable, type Disposable } from '../../src/base/disposable';
import type { HubClient } from '../../src/client/hubClient';

interface Shared {
  users: number;
  readonly subscription: Disposable;
}

/** Subscriptions by pattern: however many components want one, the host is asked once, and told when the last has gone. */
export class SharedSubscriptions implements Disposable {
  readonly #client: Pick<HubClient, 'subscribe'>;
  readonly #shared = new Map<string, Shared>();

  constructor(client: Pick<HubClient, 'subscribe'>) {
    this.#client = client;
  }

  /** How many want `pattern`. */
  users(pattern: string): number {
    return this.#shared.get(pattern)?.users ?? 0;
  }

  /** Asks for what matches one of `patterns`, until disposed. */
  subscribe(patterns: readonly string[]): Disposable {
    const unique = new Set(patterns);
    for (const pattern of unique) {
      const shared = this.#shared.get(pattern);
      if (shared === undefined) {
        this.#shared.set(pattern, { users: 1, subscription: this.#client.subscribe([pattern]) });
      } else {
        shared.users += 1;
      }
    }
    return toDisposable(() => {
      for (const pattern of unique) {
        this.#release(pattern);
      }
    });
  }

  dispose(): void {
    for (const { subscription } of this.#shared.values()) {
      subscription.dispose();
    }
    this.#shared.clear();
  }

  #release(pattern: string): void {
    const shared = this.#shared.get(pattern);
    if (shared === undefined) {
      return;
    }
    shared.users -= 1;
    if (shared.users === 0) {
      this.#shared.delete(pattern);
      shared.subscription.dispose();
    }
  }
}
