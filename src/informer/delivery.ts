import type { Clock } from '../base/clock';
import { toDisposable, type Disposable } from '../base/disposable';
import type { KubeObject } from '../base/kubeObject';
import type { Logger } from '../base/logger';
import type { ChangeKind, Delta } from './store';
import { TimeSlice } from './timeSlice';

/** Told of every change of the Store, one after the other, in the order in which the Store changed. */
export interface InformerHandler {
  added(object: KubeObject, how: ChangeKind): void;
  /** `before` is what this handler was told last. */
  updated(before: KubeObject, after: KubeObject, how: ChangeKind): void;
  deleted(last: KubeObject, how: ChangeKind): void;
  /**
   * Another cluster answers at this address: everything held was dropped. A handler without this method gets `deleted`
   * (`inferred`) for each object instead.
   */
  replaced?(): void;
}

type Notification =
  | Delta
  /** For handlers that know no `replaced`. */
  | { readonly type: 'dropped'; readonly last: KubeObject }
  /** For those that do. */
  | { readonly type: 'replaced' };

interface Subscriber {
  readonly handler: InformerHandler;
  /** Notifications before this one were told to it, or queued before it came. */
  nextSequence: number;
}

/**
 * The queue between the Store and the handlers. A long relist is delivered in slices; the Store is ahead of the handlers
 * meanwhile. What is queued stays queued while delivery is off.
 */
export class Delivery {
  readonly #logger: Logger;
  readonly #subscribers = new Set<Subscriber>();
  readonly #slice: TimeSlice;
  #queue: Notification[] = [];
  #next = 0;
  #delivered = 0;
  #isOn = false;

  constructor(clock: Clock, logger: Logger) {
    this.#logger = logger;
    this.#slice = new TimeSlice(clock);
  }

  add(handler: InformerHandler): Disposable {
    const subscriber = { handler, nextSequence: this.#delivered + this.#queue.length - this.#next };
    this.#subscribers.add(subscriber);
    return toDisposable(() => this.#subscribers.delete(subscriber));
  }

  enqueue(deltas: readonly Delta[]): void {
    this.#push(deltas);
  }

  /** Announces that everything held was dropped because another cluster answers. */
  enqueueReplaced(held: readonly KubeObject[]): void {
    this.#push([...held.map((last) => ({ type: 'dropped', last }) as const), { type: 'replaced' }]);
  }

  #push(notifications: readonly Notification[]): void {
    if (this.#next === this.#queue.length) {
      this.#queue = [];
      this.#next = 0;
    }
    for (const notification of notifications) {
      this.#queue.push(notification);
    }
  }

  turnOn(): void {
    this.#isOn = true;
  }

  /** Takes effect at once, also in the middle of a delivery: handlers that were not told yet are told when it goes on. */
  turnOff(): void {
    this.#isOn = false;
  }

  /** Delivers what is queued. Synchronous up to its first return to the event loop, which a short queue never needs. */
  async drain(signal: AbortSignal): Promise<void> {
    this.#slice.restart();
    while (this.#isOn && this.#next < this.#queue.length) {
      const notification = this.#queue[this.#next];
      if (notification !== undefined && !this.#tell(notification, this.#delivered)) {
        return;
      }
      this.#next += 1;
      this.#delivered += 1;
      if (this.#slice.isSpent) {
        await this.#slice.yield(signal);
      }
    }
  }

  /** Whether everybody was told; delivery may have been turned off meanwhile. */
  #tell(notification: Notification, sequence: number): boolean {
    for (const subscriber of this.#subscribers) {
      if (!this.#subscribers.has(subscriber) || sequence < subscriber.nextSequence) {
        continue;
      }
      if (!this.#isOn) {
        return false;
      }
      subscriber.nextSequence = sequence + 1;
      try {
        notify(subscriber.handler, notification);
      } catch (error) {
        this.#logger.error(`A handler failed on an object that was ${notification.type}`, error);
      }
    }
    return true;
  }
}

function notify(handler: InformerHandler, notification: Notification): void {
  switch (notification.type) {
    case 'added':
      handler.added(notification.object, notification.how);
      return;
    case 'updated':
      handler.updated(notification.before, notification.after, notification.how);
      return;
    case 'deleted':
      handler.deleted(notification.last, notification.how);
      return;
    case 'dropped':
      if (handler.replaced === undefined) {
        handler.deleted(notification.last, 'inferred');
      }
      return;
    case 'replaced':
      handler.replaced?.();
      return;
    default: {
      const unknown: never = notification;
      throw new TypeError(`unknown notification ${String(unknown)}`);
    }
  }
}
