import type { TopicFilter } from '../../protocol/topicFilter';

/** What the ring has to know of an event. */
interface RingEvent {
  readonly topic: string;
  /** Wall milliseconds. */
  readonly at: number;
}

export interface ReplayQuery {
  /**
   * Only events after the one with this sequence number: one for all, or by topic. Such a function is also asked about the
   * first two segments of topics, and has to answer for all that begin with them.
   */
  readonly after?: number | ((topic: string) => number);
  /** Only events that happened at this wall millisecond or later. */
  readonly since?: number;
  /** All if absent. */
  readonly topics?: TopicFilter;
}

/** `isComplete` is false where something that was asked for may have been given up: what it was is not known. */
export interface Replay<E> {
  readonly events: readonly E[];
  readonly isComplete: boolean;
}

/** The last event that was given up among topics that begin alike. */
interface GivenUp {
  sequence: number;
  at: number;
}

/** More kinds and sources than this are taken together: of none of them is it then known what was given up. */
const MAX_GROUPS = 20_000;

/**
 * The last events, for whoever comes late. Of each topic the latest event stands for those before it, which it superseded:
 * an alert that was resolved is no alert, and what can be read of a log is what was said last. So at most `capacity` topics
 * are kept, those that told something last, and one that tells something every second does not push the others out.
 */
export class EventRing<E extends RingEvent> {
  /** By topic, in the order of their sequence. */
  readonly #kept = new Map<string, { readonly event: E; readonly sequence: number }>();
  /** By the first two segments of topics. */
  readonly #givenUp = new Map<string, GivenUp>();
  /** Of groups that are not told apart. */
  readonly #givenUpElsewhere: GivenUp = { sequence: 0, at: Number.NEGATIVE_INFINITY };
  #capacity: number;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#kept.size;
  }

  /** In effect at once: what is beyond it is given up, the oldest first. */
  setCapacity(capacity: number): void {
    this.#capacity = capacity;
    this.#giveUp();
  }

  /** `sequence` grows with each event, from 1. */
  append(event: E, sequence: number): void {
    this.#kept.delete(event.topic);
    this.#kept.set(event.topic, { event, sequence });
    this.#giveUp();
  }

  /** The latest event of a topic, if it is still there. */
  latest(topic: string): E | undefined {
    return this.#kept.get(topic)?.event;
  }

  /** In the order in which they happened. */
  replay({ after = 0, since = Number.NEGATIVE_INFINITY, topics }: ReplayQuery): Replay<E> {
    const isAsked = (topic: string, sequence: number, at: number): boolean =>
      sequence > (typeof after === 'number' ? after : after(topic)) && at >= since;
    const events: E[] = [];
    for (const { event, sequence } of this.#kept.values()) {
      const { topic, at } = event;
      if (isAsked(topic, sequence, at) && topics?.matches(topic) !== false) {
        events.push(event);
      }
    }
    const isLost = (group: string, { sequence, at }: GivenUp): boolean => isAsked(group, sequence, at);
    const isComplete =
      !isLost('', this.#givenUpElsewhere) &&
      [...this.#givenUp].every(
        ([group, gone]) => !isLost(group, gone) || topics?.couldMatch(group) === false,
      );
    return { events, isComplete };
  }

  #giveUp(): void {
    for (const [topic, { event, sequence }] of this.#kept) {
      if (this.#kept.size <= this.#capacity) {
        return;
      }
      this.#kept.delete(topic);
      const gone = this.#groupOf(topic);
      gone.sequence = sequence;
      gone.at = Math.max(gone.at, event.at);
    }
  }

  #groupOf(topic: string): GivenUp {
    const end = topic.indexOf('.', topic.indexOf('.') + 1);
    const group = end < 0 ? topic : topic.slice(0, end);
    let gone = this.#givenUp.get(group);
    if (gone === undefined) {
      if (this.#givenUp.size === MAX_GROUPS) {
        return this.#givenUpElsewhere;
      }
      gone = { sequence: 0, at: Number.NEGATIVE_INFINITY };
      this.#givenUp.set(group, gone);
    }
    return gone;
  }
}
