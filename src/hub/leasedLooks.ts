import type { Clock } from '../base/clock';
import { DisposableStore, type Disposable } from '../base/disposable';
import type { Source } from './source';

/** Whoever looks from afar says so again within this time. */
const LOOK_LEASE_MS = 30_000;

/** Somebody looks at a source through another hub: for a while, since nobody may be there to say that it is over. */
export class LeasedLooks implements Disposable {
  readonly #clock: Clock;
  readonly #leases = new Map<Source, DisposableStore>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  renew(source: Source): void {
    const before = this.#leases.get(source);
    const lease = new DisposableStore();
    lease.add(source.look());
    lease.add(this.#clock.schedule(LOOK_LEASE_MS, () => this.end(source)));
    this.#leases.set(source, lease);
    // After the new one: somebody looks all the time.
    before?.dispose();
  }

  end(source: Source): void {
    this.#leases.get(source)?.dispose();
    this.#leases.delete(source);
  }

  dispose(): void {
    for (const lease of this.#leases.values()) {
      lease.dispose();
    }
    this.#leases.clear();
  }
}
