import type { AlertOwner, EndedAlert } from './alertOwner';

/** Over all sources; the oldest go first. */
const MAX_KEPT = 1_000;

/** Alerts that ended, in the order in which they did, for a while and within bounds. */
export class EndedAlerts {
  readonly #inOrder = new Set<EndedAlert>();
  readonly #onEmptied: (owner: AlertOwner) => void;

  /** `onEmptied` is told of each owner whose last one went. */
  constructor(onEmptied: (owner: AlertOwner) => void) {
    this.#onEmptied = onEmptied;
  }

  get size(): number {
    return this.#inOrder.size;
  }

  /** An alert has one end: there must be none of the same fingerprint. */
  add(ended: EndedAlert): void {
    const { owner, alert } = ended;
    (owner.ended ??= new Map()).set(alert.fingerprint, ended);
    this.#inOrder.add(ended);
    if (this.#inOrder.size > MAX_KEPT) {
      const [oldest] = this.#inOrder;
      this.#delete(oldest);
    }
  }

  /** Forgets one and answers with it. */
  take(owner: AlertOwner, fingerprint: string): EndedAlert | undefined {
    const ended = owner.ended?.get(fingerprint);
    this.#delete(ended);
    return ended;
  }

  forget(owner: AlertOwner): void {
    for (const ended of owner.ended?.values() ?? []) {
      this.#delete(ended);
    }
  }

  /** Forgets those that ended longer ago than `keptMs`. Costs as much as it forgets. */
  expire(keptMs: number, monotonicMs: number): void {
    for (const ended of this.#inOrder) {
      if (monotonicMs - ended.endedMs <= keptMs) {
        return;
      }
      this.#delete(ended);
    }
  }

  clear(): void {
    this.#inOrder.clear();
  }

  #delete(ended: EndedAlert | undefined): void {
    if (ended === undefined) {
      return;
    }
    this.#inOrder.delete(ended);
    const { owner } = ended;
    owner.ended?.delete(ended.alert.fingerprint);
    if (owner.ended?.size === 0) {
      owner.ended = undefined;
      this.#onEmptied(owner);
    }
  }
}
