import { DisposableStore, type Disposable } from '../base/disposable';
import { scopeOfPattern } from '../protocol/topics';
import { METRIC_ACCESS } from './guest';
import type { GuestHub } from './guestHub';

/** Whether it stands for figures of some source. */
export function isMetricPattern(pattern: string): boolean {
  const { kind, source } = scopeOfPattern(pattern) ?? {};
  return kind === 'metric' && source !== undefined;
}

/**
 * Where one client looks at figures while it can be seen, and may: only there are they measured. Which topics somebody listens to is
 * the router's to say.
 */
export class MetricLooks implements Disposable {
  readonly #hub: GuestHub;
  readonly #patterns = new Map<number, readonly string[]>();
  readonly #looks = new Map<number, Disposable>();
  #isLooking = false;

  constructor(hub: GuestHub) {
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
    this.#lookAnew();
  }

  /** What the guest may know of a source is something else now. */
  rightsChanged(): void {
    this.#lookAnew();
  }

  #lookAnew(): void {
    for (const [subscription, patterns] of this.#patterns) {
      const before = this.#looks.get(subscription);
      this.#begin(subscription, patterns);
      // After the new ones: somebody looks all the time.
      before?.dispose();
    }
  }

  dispose(): void {
    this.clear();
  }

  #begin(subscription: number, patterns: readonly string[]): void {
    this.#looks.delete(subscription);
    if (!this.#isLooking) {
      return;
    }
    const { hub, guest } = this.#hub;
    const looks = new DisposableStore();
    this.#looks.set(subscription, looks);
    const sources = new Set<string>();
    for (const pattern of patterns) {
      const { kind, source } = scopeOfPattern(pattern) ?? {};
      if (kind === 'metric' && source !== undefined && guest.refusal(source, METRIC_ACCESS) === undefined) {
        sources.add(source);
      }
    }
    for (const source of sources) {
      looks.add(hub.metrics.look(source));
    }
  }
}
