import { DisposableStore, type Disposable } from '../base/disposable';
import { scopeOfPattern } from '../protocol/topics';
import type { Hub } from './hub';

/**
 * Where one client looks at figures while it can be seen: only there are they measured. Which topics somebody listens to is
 * the router's to say.
 */
export class MetricLooks implements Disposable {
  readonly #hub: Hub;
  readonly #patterns = new Map<number, readonly string[]>();
  readonly #looks = new Map<number, Disposable>();
  #isLooking = false;

  constructor(hub: Hub) {
    this.#hub = hub;
  }

  /** The patterns of a subscription, in place of those that it had. */
  set(subscription: number, patterns: readonly string[]): void {
    this.delete(subscription);
    this.#patterns.set(subscription, patterns);
    this.#begin(subscription, patterns);
  }

  delete(subscription: number): void {
    this.#patterns.delete(subscription);
    this.#looks.get(subscription)?.dispose();
    this.#looks.delete(subscription);
  }

  clear(): void {
    for (const subscription of this.#patterns.keys()) {
      this.delete(subscription);
    }
  }

  setLooking(isLooking: boolean): void {
    if (this.#isLooking === isLooking) {
      return;
    }
    this.#isLooking = isLooking;
    for (const [subscription, patterns] of this.#patterns) {
      this.#looks.get(subscription)?.dispose();
      this.#looks.delete(subscription);
      this.#begin(subscription, patterns);
    }
  }

  dispose(): void {
    this.clear();
  }

  #begin(subscription: number, patterns: readonly string[]): void {
    if (!this.#isLooking) {
      return;
    }
    const looks = new DisposableStore();
    this.#looks.set(subscription, looks);
    const sources = new Set<string>();
    for (const pattern of patterns) {
      const { kind, source } = scopeOfPattern(pattern) ?? {};
      if (kind === 'metric' && source !== undefined) {
        sources.add(source);
      }
    }
    for (const source of sources) {
      looks.add(this.#hub.metrics.look(source));
    }
  }
}
