import type { HubEvent } from '../protocol/hubEvent';
import type { PersonaKey } from '../protocol/summaryRow';
import { clusterTopic, encodeSegment } from '../protocol/topics';
import type { ChangeIndex } from './changeIndex';
import { encodeCursor, type Cursor } from './cursor';
import { EventRing, type Replay, type ReplayQuery } from './router/eventRing';
import type { TopicFilter } from '../protocol/topicFilter';

/** A moment in what one hub told. */
export interface HubPosition {
  /** Of the last event. */
  readonly sequence: number;
  /** Of the last change of a persona that was told. */
  readonly change: number;
}

/** Up to where somebody was told: of each source that is named here, and of all others. */
export interface ToldUpTo {
  readonly bySource: ReadonlyMap<string, HubPosition>;
  /** No later than any of the others. */
  readonly others: HubPosition;
}

/** What became of a persona: `unknown` where its source is not followed or has not been read. */
export type Presence = 'there' | 'gone' | 'unknown';

export interface EventLogOptions {
  readonly instance: string;
  readonly changes: ChangeIndex;
  readonly presenceOf: (key: PersonaKey) => Presence;
  readonly now: () => number;
  readonly capacity: number;
}

/** The source that an event is of; undefined where it is of none. */
export function sourceOf({ data }: Pick<HubEvent, 'data'>): string | undefined {
  return 'source' in data ? data.source : undefined;
}

/** Says where in its events a hub is, and what somebody missed who was told up to an earlier point. */
export class EventLog {
  readonly #options: EventLogOptions;
  readonly #ring: EventRing<HubEvent>;
  #sequence = 0;
  #change = 0;

  constructor(options: EventLogOptions) {
    this.#options = options;
    this.#ring = new EventRing(options.capacity);
  }

  get instance(): string {
    return this.#options.instance;
  }

  get position(): HubPosition {
    return { sequence: this.#sequence, change: this.#change };
  }

  setCapacity(capacity: number): void {
    this.#ring.setCapacity(capacity);
  }

  /** The next event is of this change of a persona. */
  reaches(change: number): void {
    this.#change = change;
  }

  next(): void {
    this.#sequence += 1;
  }

  append(event: HubEvent): void {
    this.#ring.append(event, this.#sequence);
  }

  /** Of this moment, or of an earlier one; with the `state` that other hubs know. */
  cursor(
    source: string | undefined,
    state: Required<Pick<Cursor, 'state' | 'fleet'>> | undefined,
    at?: HubPosition,
  ): string {
    return encodeCursor({
      instance: this.instance,
      ...(at ?? this.position),
      ...(source === undefined ? {} : { source }),
      ...state,
    });
  }

  /** What is kept of the last events, as they are told to somebody who comes late. */
  replay(query: ReplayQuery): Replay<HubEvent> {
    const { events, isComplete } = this.#ring.replay(query);
    return { events: events.map((event) => ({ ...event, replayed: true })), isComplete };
  }

  /**
   * One event for each topic that told something after `upTo`, or undefined where that is not known any more. Changes of
   * personas are numbered, so that they are known for longer than the last events are. Their cursors are those of `upTo`:
   * nobody who was told only some of them takes the others for told. Costs what happened since.
   */
  missed(upTo: ToldUpTo, topics: TopicFilter): readonly HubEvent[] | undefined {
    if (TOLD_TO_LISTENERS.some((kind) => topics.couldMatch(kind))) {
      return undefined;
    }
    const { bySource, others } = upTo;
    const changes = this.#options.changes.after(lowest(upTo, 'change'));
    if (changes === undefined) {
      return undefined;
    }
    const bySegment = new Map([...bySource].map(([source, at]) => [encodeSegment(source), at.sequence]));
    const { events, isComplete } = this.replay({
      after: (topic) => bySegment.get(topic.split('.', 2)[1] ?? '') ?? others.sequence,
      topics: {
        // Personas are told by their changes.
        matches: (topic) => !isCluster(topic) && topics.matches(topic),
        couldMatch: (prefix) => !isCluster(prefix) && topics.couldMatch(prefix),
      },
    });
    if (!isComplete) {
      return undefined;
    }
    const positionOf = (source: string | undefined): HubPosition =>
      (source === undefined ? undefined : bySource.get(source)) ?? others;
    const told = events.map((event) => {
      const source = sourceOf(event);
      return { ...event, cursor: this.cursor(source, undefined, positionOf(source)) };
    });
    for (const { key, version } of changes) {
      const position = positionOf(key.source);
      if (version > position.change && topics.matches(clusterTopic(key.source, key.name))) {
        told.push(this.persona(key, this.cursor(key.source, undefined, position)));
      }
    }
    return told;
  }

  /** That a persona may be another one than it was. */
  persona(key: PersonaKey, cursor: string): HubEvent {
    const topic = clusterTopic(key.source, key.name);
    const last = this.#ring.latest(topic);
    const presence = this.#options.presenceOf(key);
    const wasAdded = presence === 'there' && last?.type === 'cluster.added';
    return {
      type: presence === 'gone' ? 'cluster.deleted' : wasAdded ? 'cluster.added' : 'cluster.updated',
      topic,
      data: key,
      cursor,
      at: last?.at ?? this.#options.now(),
      priority: 'normal',
      replayed: true,
    };
  }
}

/** What nobody listens to is not told of these, and so nobody knows afterwards whether there was anything to tell. */
const TOLD_TO_LISTENERS = ['node', 'addon', 'metric'];

function isCluster(topic: string): boolean {
  return topic.startsWith('cluster.');
}

function lowest({ bySource, others }: ToldUpTo, of: keyof HubPosition): number {
  let low = others[of];
  for (const position of bySource.values()) {
    low = Math.min(low, position[of]);
  }
  return low;
}
