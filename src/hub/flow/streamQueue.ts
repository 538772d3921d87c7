import type { HubEvent } from '../../protocol/hubEvent';
import { PriorityFifo, rankOf, type FifoNode, type Sequence } from './priorityFifo';

export interface StreamLimits {
  /** Messages that may wait, of all priorities together. */
  readonly queuedEvents: number;
  /** Their size as it is sent. */
  readonly queuedBytes: number;
}

/** A message that waits. */
export interface Queued {
  readonly event: HubEvent;
  readonly bytes: number;
  /** The one of its topic that came before and waits, too. */
  earlier: FifoNode<Queued> | undefined;
  /** The one of its topic that came after it. */
  later: FifoNode<Queued> | undefined;
}

/**
 * What a subscriber is to be told of streams, where each message says something of its own: the more urgent first, and in
 * the order in which they came within one priority and within one topic. Where a topic's later message is more urgent than
 * those that still wait, these go with it.
 *
 * It is bounded. What is too much drops the oldest of the lowest priority, never a higher before a lower; every drop is
 * counted.
 */
export class StreamQueue {
  readonly #fifo: PriorityFifo<Queued>;
  /** The last message of each topic that waits. */
  readonly #last = new Map<string, FifoNode<Queued>>();
  #limits: StreamLimits;
  #bytes = 0;
  #dropped = 0;

  constructor(sequence: Sequence, limits: StreamLimits) {
    this.#fifo = new PriorityFifo(sequence);
    this.#limits = limits;
  }

  get size(): number {
    return this.#fifo.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Since it was made. */
  get dropped(): number {
    return this.#dropped;
  }

  /** In effect at once: what is too much by them is dropped. */
  setLimits(limits: StreamLimits): void {
    this.#limits = limits;
    this.#trim();
  }

  /** `bytes` is the size of `event` as it is sent. */
  put(event: HubEvent, bytes: number): void {
    if (bytes > this.#limits.queuedBytes) {
      // It would drive out everything else and then itself.
      this.#dropped += 1;
      return;
    }
    const last = this.#last.get(event.topic);
    const rank = rankOf(event.priority);
    if (last !== undefined && rank < last.rank) {
      this.#raise(last, rank);
    }
    this.#append(event, bytes, rank);
    this.#trim();
  }

  /** What is to be told next. */
  first(): FifoNode<Queued> | undefined {
    return this.#fifo.first();
  }

  /** Of each priority what has waited longest. */
  oldest(): readonly FifoNode<Queued>[] {
    return this.#fifo.oldest();
  }

  /** Takes out what {@link first} answered. */
  remove(node: FifoNode<Queued>): void {
    const { event, bytes, earlier, later } = node.value;
    this.#fifo.remove(node);
    this.#bytes -= bytes;
    if (earlier !== undefined) {
      earlier.value.later = later;
    }
    if (later !== undefined) {
      later.value.earlier = earlier;
    } else if (earlier !== undefined) {
      this.#last.set(event.topic, earlier);
    } else {
      this.#last.delete(event.topic);
    }
    node.value.earlier = undefined;
    node.value.later = undefined;
  }

  /** Forgets what waits; nothing of it counts as dropped. */
  clear(): void {
    this.#fifo.clear();
    this.#last.clear();
    this.#bytes = 0;
  }

  #append(event: HubEvent, bytes: number, rank: number): void {
    const earlier = this.#last.get(event.topic);
    const node = this.#fifo.push({ event, bytes, earlier, later: undefined }, rank);
    if (earlier !== undefined) {
      earlier.value.later = node;
    }
    this.#last.set(event.topic, node);
    this.#bytes += bytes;
  }

  /** A message is raised thrice at most, as there are four priorities. */
  #raise(last: FifoNode<Queued>, rank: number): void {
    const raised: Queued[] = [];
    // Those before the first that is urgent enough are so, too.
    let node: FifoNode<Queued> | undefined = last;
    while (node !== undefined && node.rank > rank) {
      const earlier: FifoNode<Queued> | undefined = node.value.earlier;
      raised.push(node.value);
      this.remove(node);
      node = earlier;
    }
    for (const { event, bytes } of raised.reverse()) {
      this.#append(event, bytes, rank);
    }
  }

  #trim(): void {
    while (this.#fifo.size > this.#limits.queuedEvents || this.#bytes > this.#limits.queuedBytes) {
      const node = this.#fifo.firstOfLowest();
      if (node === undefined) {
        return;
      }
      this.remove(node);
      this.#dropped += 1;
    }
  }
}
