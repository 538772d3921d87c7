import type { Disposable } from '../base/disposable';
import { ANY, ONE, parsePattern } from './topicPattern';

/**
 * What is remembered of how topics were matched, in nodes, transitions and values: some 100 bytes each, so a few megabytes
 * at most. Beyond it everything is forgotten and found out again.
 */
const MAX_REMEMBERED = 50_000;

/** Patterns that begin alike share their nodes. */
class PatternNode<T> {
  readonly id: number;
  readonly parent: PatternNode<T> | undefined;
  /** Under which segment the parent has it. */
  readonly segment: string;
  /** By the number of the segment. */
  readonly literals = new Map<number, PatternNode<T>>();
  one: PatternNode<T> | undefined;
  any: PatternNode<T> | undefined;
  /** What the patterns that end here stand for, with how many of its patterns do. */
  readonly values = new Map<T, number>();
  /** The last set that it was put into. */
  mark = 0;

  constructor(id: number, segment: string, parent?: PatternNode<T>) {
    this.id = id;
    this.segment = segment;
    this.parent = parent;
  }

  get isAny(): boolean {
    return this.segment === ANY;
  }

  get isNeeded(): boolean {
    return this.values.size > 0 || this.literals.size > 0 || this.one !== undefined || this.any !== undefined;
  }
}

/** Everywhere in the patterns one can be after some segments of a topic. */
interface MatchState<T> {
  readonly nodes: readonly PatternNode<T>[];
  /** Where a segment that some pattern names leads, by its number; filled in as topics come. */
  readonly next: Map<number, MatchState<T>>;
  /** Where every other segment leads. */
  other: MatchState<T> | undefined;
  /** Whether it matters which segment comes next. */
  readonly isSelective: boolean;
  /** Whether every further segment leads here again. */
  readonly isFinal: boolean;
  /** What stands for a topic that ends here, in order. */
  values: readonly T[] | undefined;
}

/**
 * Finds the values whose patterns stand for a topic. Patterns are kept as a tree; while topics are matched, the sets of its
 * nodes that can be reached together become the states of an automaton, so that each segment of a topic is looked at once,
 * however many patterns there are and wherever they have `**`. What was found out is remembered within a bound and dropped
 * whenever a pattern comes or goes; a topic that was never seen costs one step a segment where others went the same way.
 */
export class PatternIndex<T> {
  readonly #compare: (a: T, b: T) => number;
  readonly #root = new PatternNode<T>(0, '');
  /** Every segment that patterns name, with its number and how many nodes have it. */
  readonly #segments = new Map<string, { readonly number: number; nodes: number }>();
  readonly #states = new Map<string, MatchState<T>>();
  #start: MatchState<T> | undefined;
  #remembered = 0;
  #nextId = 1;
  #nextNumber = 1;
  #mark = 0;

  /** `compare` orders what `match` answers. */
  constructor(compare: (a: T, b: T) => number = () => 0) {
    this.#compare = compare;
  }

  /**
   * Has every pattern stand for `value`, until the result is disposed. Throws {@link ProblemError} `badRequest` for a
   * pattern that cannot be used, and has then changed nothing.
   */
  add(patterns: readonly string[], value: T): Disposable {
    const parsed = patterns.map(parsePattern);
    const nodes = parsed.map((segments) => this.#nodeOf(segments));
    for (const { values } of nodes) {
      values.set(value, (values.get(value) ?? 0) + 1);
    }
    this.#forget();
    return { dispose: () => this.#remove(nodes.splice(0), value) };
  }

  /** Each value once, in order. The array is never changed, whatever is added or removed later. */
  match(topic: string): readonly T[] {
    const state = this.#after(topic);
    state.values ??= this.#valuesOf(state);
    return state.values;
  }

  /** Whether some pattern stands for a topic that is `prefix`, or begins with it and a dot. */
  couldMatch(prefix: string): boolean {
    return this.#after(prefix).nodes.length > 0;
  }

  /** What is remembered at the moment, in the unit of its bound; for tests and measurements. */
  get remembered(): number {
    return this.#remembered;
  }

  #remove(nodes: readonly PatternNode<T>[], value: T): void {
    for (const node of nodes) {
      const uses = node.values.get(value) ?? 0;
      if (uses > 1) {
        node.values.set(value, uses - 1);
      } else {
        node.values.delete(value);
      }
      this.#prune(node);
    }
    if (nodes.length > 0) {
      this.#forget();
    }
  }

  #after(topic: string): MatchState<T> {
    let state = this.#start ?? this.#begin();
    let from = 0;
    while (!state.isFinal) {
      const dot = topic.indexOf('.', from);
      if (state.isSelective) {
        const segment = dot < 0 ? topic.slice(from) : topic.slice(from, dot);
        const number = this.#segments.get(segment)?.number;
        state = (number === undefined ? state.other : state.next.get(number)) ?? this.#step(state, number);
      } else {
        state = state.other ?? this.#step(state, undefined);
      }
      if (dot < 0) {
        break;
      }
      from = dot + 1;
    }
    return state;
  }

  #begin(): MatchState<T> {
    const nodes: PatternNode<T>[] = [];
    this.#mark += 1;
    this.#enter(this.#root, nodes);
    const start = this.#stateOf(nodes);
    this.#start = start;
    return start;
  }

  /** Where a segment leads; `number` is undefined where no pattern names it. */
  #step(state: MatchState<T>, number: number | undefined): MatchState<T> {
    const nodes: PatternNode<T>[] = [];
    this.#mark += 1;
    for (const node of state.nodes) {
      if (node.isAny) {
        this.#enter(node, nodes);
      }
      if (node.one !== undefined) {
        this.#enter(node.one, nodes);
      }
      const literal = number === undefined ? undefined : node.literals.get(number);
      if (literal !== undefined) {
        this.#enter(literal, nodes);
      }
    }
    if (this.#remembered > MAX_REMEMBERED) {
      this.#forget();
    }
    const next = this.#stateOf(nodes);
    this.#remembered += 1;
    if (number === undefined) {
      state.other = next;
    } else {
      state.next.set(number, next);
    }
    return next;
  }

  /** `**` stands for no segment too: who is before it is behind it. */
  #enter(node: PatternNode<T>, nodes: PatternNode<T>[]): void {
    if (node.mark !== this.#mark) {
      node.mark = this.#mark;
      nodes.push(node);
      if (node.any !== undefined) {
        this.#enter(node.any, nodes);
      }
    }
  }

  #stateOf(nodes: PatternNode<T>[]): MatchState<T> {
    nodes.sort((a, b) => a.id - b.id);
    const key = nodes.map(({ id }) => id).join();
    let state = this.#states.get(key);
    if (state === undefined) {
      state = {
        nodes,
        next: new Map(),
        other: undefined,
        isSelective: nodes.some(({ literals }) => literals.size > 0),
        isFinal: nodes.every(
          ({ isAny, literals, one, any }) =>
            isAny && literals.size === 0 && one === undefined && any === undefined,
        ),
        values: undefined,
      };
      this.#states.set(key, state);
      this.#remembered += 1 + nodes.length;
    }
    return state;
  }

  #valuesOf({ nodes }: MatchState<T>): readonly T[] {
    const values = new Set<T>();
    for (const node of nodes) {
      for (const value of node.values.keys()) {
        values.add(value);
      }
    }
    this.#remembered += values.size;
    return [...values].sort(this.#compare);
  }

  #nodeOf(segments: readonly string[]): PatternNode<T> {
    let node = this.#root;
    for (const segment of segments) {
      node = this.#childOf(node, segment);
    }
    return node;
  }

  #childOf(parent: PatternNode<T>, segment: string): PatternNode<T> {
    if (segment === ANY) {
      parent.any ??= this.#newNode(segment, parent);
      return parent.any;
    }
    if (segment === ONE) {
      parent.one ??= this.#newNode(segment, parent);
      return parent.one;
    }
    const known = this.#segments.get(segment);
    const before = known === undefined ? undefined : parent.literals.get(known.number);
    if (before !== undefined) {
      return before;
    }
    const named = known ?? { number: this.#nextNumber, nodes: 0 };
    if (known === undefined) {
      this.#nextNumber += 1;
      this.#segments.set(segment, named);
    }
    named.nodes += 1;
    const node = this.#newNode(segment, parent);
    parent.literals.set(named.number, node);
    return node;
  }

  #newNode(segment: string, parent: PatternNode<T>): PatternNode<T> {
    const node = new PatternNode<T>(this.#nextId, segment, parent);
    this.#nextId += 1;
    return node;
  }

  /** Takes away what no pattern needs any more, from the end of one towards the root. */
  #prune(end: PatternNode<T>): void {
    let node = end;
    while (node.parent !== undefined && !node.isNeeded) {
      const { parent, segment } = node;
      if (parent.any === node) {
        parent.any = undefined;
      } else if (parent.one === node) {
        parent.one = undefined;
      } else {
        const named = this.#segments.get(segment);
        if (named === undefined || parent.literals.get(named.number) !== node) {
          return;
        }
        parent.literals.delete(named.number);
        named.nodes -= 1;
        if (named.nodes === 0) {
          this.#segments.delete(segment);
        }
      }
      node = parent;
    }
  }

  #forget(): void {
    this.#states.clear();
    this.#start = undefined;
    this.#remembered = 0;
  }
}
