import { DisposableStore, type Disposable } from '../base/disposable';
import { scopeOfPattern } from '../protocol/topics';
import type { Hub } from './hub';

/**
 * What one client listens to while it can be seen: the hub tells only what somebody listens to, and measures only where
 * somebody looks.
 */
export class SessionInterest implements Disposable {
  readonly #hub: Hub;
  readonly #patterns = new Map<number, readonly string[]>();
  readonly #interests = new Map<number, Disposable>();
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
    this.#interests.get(subscription)?.dispose();
    this.#interests.delete(subscription);
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
      this.#interests.get(subscription)?.dispose();
      this.#interests.delete(subscription);
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
    const interest = new DisposableStore();
    this.#interests.set(subscription, interest);
    interest.add(this.#hub.interest.add(patterns));
    const sources = new Set<string>();
    for (const pattern of patterns) {
      const { kind, source } = scopeOfPattern(pattern) ?? {};
      if (kind === 'metric' && source !== undefined) {
        sources.add(source);
      }
    }
    for (const source of sources) {
      interest.add(this.#hub.metrics.look(source));
    }
  }
}
