import type { Clock } from '../base/clock';
import { DisposableStore, type Disposable } from '../base/disposable';
import { Emitter, type Event, type ListenerErrorHandler } from '../base/emitter';
import { between, type Random } from '../base/random';
import type { Hub } from '../hub/hub';
import type { Platform } from './platform';

/** How often the wall clock is looked at. */
const TICK_MS = 5_000;
/** A tick that comes this much late was slept through, or the clock was set: either way what is held may be old. */
const JUMP_MS = 10_000;
/** Hundreds of sources that wake together are spread, 20 ms for each, over at most this long. */
const MAX_SPREAD_MS = 2_000;
const SPREAD_PER_SOURCE_MS = 20;

/**
 * Has every connected source prove itself at once when the machine woke or a network came: without it a source in
 * back-off would wait its time out. There is no event for either, so the wall clock is watched.
 */
export class Awakening implements Disposable {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #hub: Hub;
  readonly #owned = new DisposableStore();
  readonly #tick = this.#owned.add(new DisposableStore());
  readonly #retries = this.#owned.add(new DisposableStore());
  readonly #awoke: Emitter<void>;

  constructor(
    platform: Pick<Platform, 'onOnline'>,
    clock: Clock,
    random: Random,
    hub: Hub,
    onListenerError: ListenerErrorHandler,
  ) {
    this.#clock = clock;
    this.#random = random;
    this.#hub = hub;
    this.#awoke = this.#owned.add(new Emitter<void>(onListenerError));
    this.#owned.add(platform.onOnline(clock, () => this.#awake()));
    this.#watch(clock.now());
  }

  /** For whoever keeps connections of another kind. */
  get onAwake(): Event<void> {
    return this.#awoke.event;
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #watch(since: number): void {
    this.#tick.clear();
    this.#tick.add(
      this.#clock.schedule(TICK_MS, () => {
        const now = this.#clock.now();
        if (Math.abs(now - since - TICK_MS) > JUMP_MS) {
          this.#awake();
        }
        this.#watch(now);
      }),
    );
  }

  #awake(): void {
    this.#retries.clear();
    this.#awoke.fire();
    // Those of a hub share its connection, which was told.
    const connected = this.#hub
      .sources()
      .filter(({ isConnected, definition }) => isConnected && definition.kind !== 'hub');
    const spreadMs = Math.min(MAX_SPREAD_MS, (connected.length - 1) * SPREAD_PER_SOURCE_MS);
    for (const source of connected) {
      const waitMs = between(this.#random, 0, Math.max(0, spreadMs));
      this.#retries.add(this.#clock.schedule(waitMs, () => source.retryNow()));
    }
  }
}
