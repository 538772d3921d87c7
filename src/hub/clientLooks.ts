import { DisposableStore, type Disposable } from '../base/disposable';
import { scopeOfPattern } from '../protocol/topics';
import { METRIC_ACCESS, PERSONA_ACCESS } from './guest';
import type { GuestHub } from './guestHub';

/** Whether whoever subscribes to it looks at some source. */
export function isLook(pattern: string): boolean {
  const { kind, source } = scopeOfPattern(pattern) ?? {};
  return (kind === 'metric' || kind === 'connection') && source !== undefined;
}

/**
 * Where one client looks while it can be seen, and may: the sources whose state it follows are probed more often, and figures are
 * measured only where it listens to them. Which topics somebody listens to is the router's to say.
 */
export class ClientLooks implements Disposable {
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

  /** A source that went and came back is another one to look at. */
  sourcesChanged(): void {
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
    const measured = new Set<string>();
    const followed = new Set<string>();
    for (const pattern of patterns) {
      const { kind, source } = scopeOfPattern(pattern) ?? {};
      if (source === undefined) {
        continue;
      }
      if (kind === 'metric' && guest.refusal(source, METRIC_ACCESS) === undefined) {
        measured.add(source);
      } else if (kind === 'connection' && guest.refusal(source, PERSONA_ACCESS) === undefined) {
        followed.add(source);
      }
    }
    for (const source of measured) {
      looks.add(hub.metrics.look(source));
    }
    for (const source of followed) {
      const look = hub.source(source)?.look();
      if (look !== undefined) {
        looks.add(look);
      }
    }
  }
}
