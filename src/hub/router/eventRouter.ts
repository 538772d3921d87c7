import { toDisposable, type Disposable } from '../../base/disposable';
import type { ListenerErrorHandler } from '../../base/emitter';
import { PatternIndex } from '../../protocol/patternIndex';

/** An event that begets one, which begets one…: further than this it is taken for a circle. */
const MAX_GENERATIONS = 1_000;

export interface RouteOptions<E> {
  /** Higher ones are told first; 0 if absent. */
  readonly priority?: number;
  /** Only events for which it is true are told. */
  readonly filter?: (event: E) => boolean;
}

interface Subscription<E> {
  readonly tell: (event: E) => void;
  readonly filter: ((event: E) => boolean) | undefined;
  readonly priority: number;
  /** In the order of subscription. */
  readonly order: number;
  /** The last event that was published before it. */
  readonly after: number;
  isActive: boolean;
}

interface Waiting<E> {
  readonly event: E;
  readonly sequence: number;
  /** How many events begot each other before it. */
  readonly generation: number;
}

/**
 * Routes events by their topics to those who subscribed to a pattern that stands for it: `*` in place of one segment, `**`
 * in place of any number of them. What an event costs follows those who are told of it, not those who subscribed.
 *
 * - All are told synchronously, higher priority first, then in the order of subscription; whoever has several patterns
 *   that match is told once.
 * - What is published while an event is routed is routed after it, before the outermost `publish` returns: everybody is
 *   told of all events in the order in which they were published.
 * - Whoever subscribes is told only of what is published afterwards; whoever was disposed is told nothing more.
 * - What a handler, filter or transform throws goes to `onError`, and the others are told all the same.
 */
export class EventRouter<E extends { readonly topic: string }> implements Disposable {
  readonly #onError: ListenerErrorHandler;
  readonly #index = new PatternIndex<Subscription<E>>((a, b) => b.priority - a.priority || a.order - b.order);
  readonly #owned = new Set<Disposable>();
  #waiting: Waiting<E>[] = [];
  #isRouting = false;
  #generation = 0;
  #published = 0;
  #subscribed = 0;
  #isDisposed = false;

  constructor(onError: ListenerErrorHandler) {
    this.#onError = onError;
  }

  /**
   * Tells `handler` of events until the result is disposed; with `transform`, of what that makes of them. Throws
   * {@link ProblemError} `badRequest` for a pattern that cannot be used, and has then subscribed to nothing. Without
   * patterns, nothing is told.
   */
  subscribe(patterns: readonly string[], handler: (event: E) => void, options?: RouteOptions<E>): Disposable;
  subscribe<T>(
    patterns: readonly string[],
    handler: (value: T) => void,
    options: RouteOptions<E> & { readonly transform: (event: E) => T },
  ): Disposable;
  subscribe<T>(
    patterns: readonly string[],
    handler: ((event: E) => void) & ((value: T) => void),
    options: RouteOptions<E> & { readonly transform?: (event: E) => T } = {},
  ): Disposable {
    const { priority = 0, filter, transform } = options;
    this.#subscribed += 1;
    const subscription: Subscription<E> = {
      tell: transform === undefined ? handler : (event) => handler(transform(event)),
      filter,
      priority,
      order: this.#subscribed,
      after: this.#published,
      isActive: !this.#isDisposed,
    };
    const indexed = this.#index.add(patterns, subscription);
    const result = toDisposable(() => {
      subscription.isActive = false;
      indexed.dispose();
      this.#owned.delete(result);
    });
    if (this.#isDisposed) {
      result.dispose();
    } else {
      this.#owned.add(result);
    }
    return result;
  }

  /** Whether anybody could be told of a topic that is `prefix`, or begins with it and a dot. Asking costs next to nothing. */
  couldTell(prefix: string): boolean {
    return this.#index.couldMatch(prefix);
  }

  /** Throws where events beget each other without end. */
  publish(event: E): void {
    if (this.#isDisposed) {
      return;
    }
    this.#published += 1;
    if (this.#isRouting) {
      if (this.#generation === MAX_GENERATIONS) {
        throw new Error(`${MAX_GENERATIONS} events begot each other, the last one ${event.topic}`);
      }
      this.#waiting.push({ event, sequence: this.#published, generation: this.#generation + 1 });
      return;
    }
    this.#isRouting = true;
    this.#route(event, this.#published);
    if (this.#waiting.length > 0) {
      this.#routeWaiting();
    }
    this.#isRouting = false;
  }

  /** Nothing is told any more. */
  dispose(): void {
    this.#isDisposed = true;
    this.#waiting = [];
    for (const subscription of this.#owned) {
      subscription.dispose();
    }
  }

  #routeWaiting(): void {
    for (let next = 0; next < this.#waiting.length; next += 1) {
      const waiting = this.#waiting[next];
      if (waiting !== undefined) {
        this.#generation = waiting.generation;
        this.#route(waiting.event, waiting.sequence);
      }
    }
    this.#waiting = [];
    this.#generation = 0;
  }

  #route(event: E, sequence: number): void {
    for (const subscription of this.#index.match(event.topic)) {
      if (!subscription.isActive || subscription.after >= sequence) {
        continue;
      }
      try {
        if (subscription.filter === undefined || subscription.filter(event)) {
          subscription.tell(event);
        }
      } catch (error) {
        this.#failed(error);
      }
    }
  }

  #failed(error: unknown): void {
    try {
      this.#onError(error);
    } catch {
      // Whoever is told of errors can be told of no other one.
    }
  }
}
