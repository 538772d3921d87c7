import type { HubEvent } from '../../protocol/hubEvent';
import { PriorityFifo, rankOf, type FifoNode, type Sequence } from './priorityFifo';

/** What is to be told of one topic. */
export interface Dirty {
  event: HubEvent;
  /** The event by which it got its place. */
  readonly since: HubEvent;
}

/**
 * What a subscriber is to be told of state: at most one event a topic, the latest. Twice the same thing says no more than
 * once, so it holds as much as there are topics and nothing is ever dropped. A topic keeps the place in which it was first
 * touched; one that became more urgent goes behind the others of its new priority.
 */
export class DirtySet {
  readonly #fifo: PriorityFifo<Dirty>;
  readonly #nodes = new Map<string, FifoNode<Dirty>>();

  constructor(sequence: Sequence) {
    this.#fifo = new PriorityFifo(sequence);
  }

  get size(): number {
    return this.#fifo.size;
  }

  put(event: HubEvent): void {
    const rank = rankOf(event.priority);
    const node = this.#nodes.get(event.topic);
    if (node === undefined) {
      this.#nodes.set(event.topic, this.#fifo.push({ event, since: event }, rank));
      return;
    }
    const merged = mergeState(node.value.event, event);
    if (rank < node.rank) {
      this.#fifo.remove(node);
      this.#nodes.set(event.topic, this.#fifo.push({ event: merged, since: event }, rank));
    } else {
      node.value.event = merged;
    }
  }

  /** What is to be told next. */
  first(): FifoNode<Dirty> | undefined {
    return this.#fifo.first();
  }

  /** Of each priority what has waited longest. */
  oldest(): readonly FifoNode<Dirty>[] {
    return this.#fifo.oldest();
  }

  /** Takes out what {@link first} answered. */
  remove(node: FifoNode<Dirty>): void {
    this.#nodes.delete(node.value.event.topic);
    this.#fifo.remove(node);
  }

  clear(): void {
    this.#nodes.clear();
    this.#fifo.clear();
  }
}

/** What two events of one topic come down to for somebody who was told neither. */
function mergeState(before: HubEvent, event: HubEvent): HubEvent {
  if (event.replayed === true && before.replayed !== true) {
    // What is told again happened before what is still to be told for the first time.
    return before;
  }
  // News that was not told yet stays news, whatever happened to it since.
  return before.type === 'cluster.added' && event.type === 'cluster.updated'
    ? { ...event, type: 'cluster.added' }
    : event;
}
