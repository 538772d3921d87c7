import type { Clock } from '../base/clock';
import { DisposableStore, toDisposable, type Disposable } from '../base/disposable';
import { between, type Random } from '../base/random';
import { PRIORITIES, type HubEvent, type Priority } from '../protocol/hubEvent';
import type { ClientMessage, ServerMessage } from '../protocol/messages';
import { ProblemError } from '../protocol/problem';
import type { HubPosition } from './eventLog';
import type { GuestHub } from './guestHub';
import { earlier, resume } from './resume';
import { topicFilter } from '../protocol/topicFilter';
import { parsePattern } from '../protocol/topicPattern';

/** A hub that is behind another one has this long to come to where that was; asking everything again costs less then. */
const CATCH_UP_MS = 5_000;
/** Clients that lost the same hub do not all ask at once. */
const MAX_RETRY_MS = 250;

/** Each costs something with every event; a view has a handful. */
const MAX_SUBSCRIPTIONS = 256;

type SubscribeMessage = Extract<ClientMessage, { type: 'subscribe' }>;
type Recovered = Extract<ServerMessage, { type: 'recovered' }>;

export interface ClientSubscriptionsOptions {
  readonly hub: GuestHub;
  readonly clock: Clock;
  readonly random: Random;
  /** An event that the client subscribed to, or missed. */
  readonly onEvent: (event: HubEvent) => void;
  /** To be told after the events before it. */
  readonly onRecovered: (message: Recovered) => void;
}

interface Subscription {
  readonly id: number;
  readonly patterns: readonly string[];
  readonly priority: Priority | undefined;
  /** While it is told of events. */
  readonly owned: DisposableStore;
  /** What it was told last; undefined where it is to be told only of what comes. */
  upTo: HubPosition | { readonly cursors: readonly string[] } | undefined;
}

/**
 * What one client subscribed to. While it is not active nothing is told, and an event costs nothing; afterwards it is told
 * what it missed, one event a topic, and that this was all (`recovered`), or that everything has to be asked again. An event
 * is told once, however many subscriptions it belongs to; only those that resume are each told all that they missed.
 */
export class ClientSubscriptions implements Disposable {
  readonly #options: ClientSubscriptionsOptions;
  readonly #subscriptions = new Map<number, Subscription>();
  /** Subscriptions of which it is not known yet what was missed, since the hub is behind. */
  #behind = 0;
  #caughtUp: PromiseWithResolvers<void> | undefined;
  #isActive = false;
  #lastTold: HubEvent | undefined;

  constructor(options: ClientSubscriptionsOptions) {
    this.#options = options;
  }

  /** Whether it is not known yet what the client missed: where it is cannot be said meanwhile. */
  get isResuming(): boolean {
    for (const { upTo } of this.#subscriptions.values()) {
      if (upTo !== undefined) {
        return true;
      }
    }
    return false;
  }

  /**
   * Resolves once the hub is no longer behind what the client was told by another one, or nobody waits for that any more;
   * undefined where it is not. An answer of before would be older than what the client knows.
   */
  whenCaughtUp(): Promise<void> | undefined {
    if (this.#behind === 0) {
      return undefined;
    }
    this.#caughtUp ??= Promise.withResolvers();
    return this.#caughtUp.promise;
  }

  /**
   * In place of one with the same id. Throws {@link ProblemError} `badRequest`, and changes nothing, for bad patterns and for
   * more than a client needs.
   */
  add({ id, patterns, priority, cursors }: SubscribeMessage): void {
    patterns.forEach(parsePattern);
    if (this.#subscriptions.size >= MAX_SUBSCRIPTIONS && !this.#subscriptions.has(id)) {
      throw new ProblemError({
        code: 'badRequest',
        detail: `more than ${MAX_SUBSCRIPTIONS} subscriptions; write several patterns into one`,
      });
    }
    this.remove(id);
    const subscription: Subscription = {
      id,
      patterns,
      priority,
      owned: new DisposableStore(),
      upTo: cursors === undefined ? undefined : { cursors },
    };
    this.#subscriptions.set(id, subscription);
    if (this.#isActive) {
      this.#begin(subscription);
      this.#resume(subscription);
    } else {
      subscription.upTo ??= this.#options.hub.hub.position;
    }
  }

  remove(id: number): void {
    this.#subscriptions.get(id)?.owned.dispose();
    this.#subscriptions.delete(id);
  }

  clear(): void {
    for (const id of this.#subscriptions.keys()) {
      this.remove(id);
    }
    this.#lastTold = undefined;
  }

  /** Whether the client is to be told; it starts out not to be. */
  setActive(isActive: boolean): void {
    if (isActive === this.#isActive) {
      return;
    }
    this.#isActive = isActive;
    const { hub } = this.#options.hub;
    for (const subscription of this.#subscriptions.values()) {
      if (isActive) {
        this.#begin(subscription);
      } else {
        subscription.owned.clear();
        subscription.upTo ??= hub.position;
      }
    }
    this.#lastTold = undefined;
  }

  /** Tells all that was missed while the client was not active, and that this was all, or that it is not known. */
  catchUp(): void {
    // Looked for once for all that ask for the same, however many subscriptions there are.
    const asked = new Map<Priority | undefined, { readonly patterns: string[]; others: HubPosition }>();
    for (const subscription of this.#subscriptions.values()) {
      const { upTo, priority, patterns } = subscription;
      if (upTo === undefined || 'cursors' in upTo) {
        this.#resume(subscription);
        continue;
      }
      subscription.upTo = undefined;
      const before = asked.get(priority);
      asked.set(priority, {
        patterns: [...(before?.patterns ?? []), ...patterns],
        others: before === undefined ? upTo : earlier(before.others, upTo),
      });
    }
    const events = new Map<string, HubEvent>();
    let isKnown = true;
    for (const [priority, { patterns, others }] of asked) {
      const missed = this.#options.hub.hub.missed({ bySource: new Map(), others }, topicFilter(patterns));
      for (const event of missed ?? []) {
        if (this.#isFor(event, priority)) {
          events.set(event.topic, event);
        }
      }
      isKnown &&= missed !== undefined;
    }
    if (isKnown) {
      events.forEach((event) => this.#options.onEvent(event));
    }
    this.#options.onRecovered(
      isKnown ? { type: 'recovered', ok: true } : { type: 'recovered', ok: false, reset: true },
    );
  }

  dispose(): void {
    this.clear();
  }

  #begin({ patterns, priority, owned }: Subscription): void {
    const { hub, onEvent } = this.#options;
    // Whoever hears of everything is not asked about every event: there are thousands of them.
    const isForAll = priority === undefined && hub.sight === '';
    owned.add(
      hub.hub.subscribe(
        patterns,
        (event) => {
          if (event !== this.#lastTold) {
            this.#lastTold = event;
            onEvent(event);
          }
        },
        isForAll ? {} : { filter: (event) => this.#isFor(event, priority) },
      ),
    );
  }

  /** Where there are cursors: tells what was missed since, at once or when it can be known. */
  #resume(subscription: Subscription): void {
    const { upTo, patterns, owned } = subscription;
    if (upTo === undefined || !('cursors' in upTo)) {
      return;
    }
    const { hub, clock } = this.#options;
    const cursors = upTo.cursors.map((cursor) => hub.cursorOf(cursor));
    const topics = topicFilter(patterns);
    const waiting = owned.add(new DisposableStore());
    const finish = (events: readonly HubEvent[] | undefined): void => {
      owned.delete(waiting);
      subscription.upTo = undefined;
      this.#recovered(events, subscription);
    };
    let isBehind = false;
    const attempt = (): void => {
      const resumption = resume(hub.hub, cursors, topics);
      if (resumption.type === 'behind') {
        const { source } = resumption;
        if (!isBehind) {
          isBehind = true;
          this.#behind += 1;
          waiting.add(toDisposable(() => this.#caughtUpOne()));
        }
        const sought = waiting.add(new DisposableStore());
        const again = (): void => {
          waiting.delete(sought);
          attempt();
        };
        sought.add(source.onProof(again));
        sought.add(source.onStateChanged(again));
      } else {
        finish(resumption.type === 'known' ? resumption.events : undefined);
      }
    };
    waiting.add(clock.schedule(CATCH_UP_MS, () => finish(undefined)));
    attempt();
  }

  #caughtUpOne(): void {
    this.#behind -= 1;
    if (this.#behind === 0) {
      this.#caughtUp?.resolve();
      this.#caughtUp = undefined;
    }
  }

  #recovered(events: readonly HubEvent[] | undefined, { id, priority }: Subscription): void {
    const { random, onEvent, onRecovered } = this.#options;
    for (const event of events ?? []) {
      if (this.#isFor(event, priority)) {
        onEvent(event);
      }
    }
    const retryAfterMs = Math.round(between(random, 0, MAX_RETRY_MS));
    onRecovered(
      events === undefined
        ? { type: 'recovered', id, ok: false, reset: true, retryAfterMs }
        : { type: 'recovered', id, ok: true },
    );
  }

  #isFor(event: HubEvent, least: Priority | undefined): boolean {
    return isUrgent(event, least) && this.#options.hub.hears(event);
  }
}

function isUrgent({ priority }: HubEvent, least: Priority | undefined): boolean {
  return least === undefined || PRIORITIES.indexOf(priority) <= PRIORITIES.indexOf(least);
}
