import { PRIORITIES, type Priority } from '../../protocol/hubEvent';

/** One value in its place of a {@link PriorityFifo}. */
export interface FifoNode<T> {
  value: T;
  /** Index into `PRIORITIES`: the smaller the more urgent. */
  readonly rank: number;
  /** Grows with each value that is put in, over all that share a {@link Sequence}. */
  readonly sequence: number;
  before: FifoNode<T> | undefined;
  after: FifoNode<T> | undefined;
}

/** Numbers what comes in, so that several queues can be served in one order. */
export class Sequence {
  #last = 0;

  next(): number {
    this.#last += 1;
    return this.#last;
  }
}

export function rankOf(priority: Priority): number {
  return PRIORITIES.indexOf(priority);
}

/**
 * A queue for each priority. Everything takes constant time, the removal of a value from the middle too: the queues are
 * linked lists, which arrays are no faster than where one value is put in and taken out at a time.
 */
export class PriorityFifo<T> {
  readonly #sequence: Sequence;
  readonly #heads: (FifoNode<T> | undefined)[] = PRIORITIES.map(() => undefined);
  readonly #tails: (FifoNode<T> | undefined)[] = PRIORITIES.map(() => undefined);
  #size = 0;

  constructor(sequence: Sequence) {
    this.#sequence = sequence;
  }

  get size(): number {
    return this.#size;
  }

  /** Puts `value` behind all others of its rank. */
  push(value: T, rank: number): FifoNode<T> {
    const before = this.#tails[rank];
    const node: FifoNode<T> = { value, rank, sequence: this.#sequence.next(), before, after: undefined };
    if (before === undefined) {
      this.#heads[rank] = node;
    } else {
      before.after = node;
    }
    this.#tails[rank] = node;
    this.#size += 1;
    return node;
  }

  /** Takes a value out; `node` must be one of this queue that was not taken out before. */
  remove(node: FifoNode<T>): void {
    const { before, after, rank } = node;
    if (before === undefined) {
      this.#heads[rank] = after;
    } else {
      before.after = after;
    }
    if (after === undefined) {
      this.#tails[rank] = before;
    } else {
      after.before = before;
    }
    // What still holds on to the node must not hold on to its neighbours.
    node.before = undefined;
    node.after = undefined;
    this.#size -= 1;
  }

  /** The oldest of the most urgent. */
  first(): FifoNode<T> | undefined {
    for (const head of this.#heads) {
      if (head !== undefined) {
        return head;
      }
    }
    return undefined;
  }

  /** The oldest of each rank that has any. */
  oldest(): FifoNode<T>[] {
    return this.#heads.filter((head) => head !== undefined);
  }

  /** The oldest of the least urgent. */
  firstOfLowest(): FifoNode<T> | undefined {
    for (let rank = this.#heads.length - 1; rank >= 0; rank -= 1) {
      const head = this.#heads[rank];
      if (head !== undefined) {
        return head;
      }
    }
    return undefined;
  }

  clear(): void {
    this.#heads.fill(undefined);
    this.#tails.fill(undefined);
    this.#size = 0;
  }
}
