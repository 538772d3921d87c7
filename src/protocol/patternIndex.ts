import type { Disposable } from '../base/disposable';
import { ANY, ONE, parsePattern } from './topicPattern';

/**
 * What is remembered of how topics were matched, in nodes, transitions and values: some 100 bytes each, so a few megabytes
 * at most. Beyond it everything is forgotten and found out again.
 */
const MAX_REMEMBERED = 50_000;

/**
 * Topics of which the answer is kept, once over for those that came lately and once for those before: with topics of 80
 * characters some 4 MB at most.
 */
const MAX_TOPICS = 16_384;

/** Values in the answers of either; 8 bytes each, 4 MB in all where no two answers are the same. */
const MAX_ANSWERED = 250_000;

/** Up to so many nodes are asked whether they know a segment; of more it is asked whether any node at all does. */
const MAX_ASKED = 4;

/** Patterns that begin alike share their nodes. */
class PatternNode<T> {
  readonly id: number;
  readonly parent: PatternNode<T> | undefined;
  /** Under which segment the parent has it. */
  readonly segment: string;
  /** By their segments. */
  readonly literals = new Map<string, PatternNode<T>>();
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
  /** Where segments lead that make a difference here; filled in as topics come. */
  readonly next: Map<string, MatchState<T>>;
  /** Where every other segment leads. */
  other: MatchState<T> | undefined;
  /** The nodes to which it matters which segment comes next. */
  readonly selective: readonly PatternNode<T>[];
  /** Whether every further segment leads here again. */
  readonly isFinal: boolean;
  /** What stands for a topic that ends here, in order. */
  values: readonly T[] | undefined;
}

/**
 * Finds the values whose patterns stand for a topic. Patterns are kept as a tree; while topics are matched, the sets of its
 * nodes that can be reached together become the states of an automaton, so that each segment of a topic is looked at once,
 * however many patterns there are and wherever they have `**`. What was found out is remembered within bounds, of the last
 * topics too, and dropped whenever a pattern comes or goes. A topic that was never seen costs one step a segment where others
 * went the same way.
 */
export class PatternIndex<T> {
  readonly #compare: (a: T, b: T) => number;
  readonly #root = new PatternNode<T>(0, '');
  /** Every segment that patterns name, with how many nodes have it. */
  readonly #segments = new Map<string, number>();
  readonly #states = new Map<string, MatchState<T>>();
  #lately = new Map<string, readonly T[]>();
  #before = new Map<string, readonly T[]>();
  #answered = 0;
  #start: MatchState<T> | undefined;
  #remembered = 0;
  #nextId = 1;
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
    return this.#lately.get(topic) ?? this.#recall(topic);
  }

  /** Whether some pattern stands for a topic that is `prefix`, or begins with it and a dot. */
  couldMatch(prefix: string): boolean {
    return this.#after(prefix).nodes.length > 0;
  }

  /** What is remembered at the moment, in the unit of its bound; for tests and measurements. */
  get remembered(): number {
    return this.#remembered;
  }

  /** Values in the answers that came lately, in the unit of their bound; for tests and measurements. */
  get answered(): number {
    return this.#answered;
  }

  #recall(topic: string): readonly T[] {
    const values = this.#before.get(topic) ?? this.#find(topic);
    if (this.#lately.size === MAX_TOPICS || this.#answered + values.length > MAX_ANSWERED) {
      this.#before = this.#lately;
      this.#lately = new Map();
      this.#answered = 0;
    }
    this.#answered += values.length;
    this.#lately.set(topic, values);
    return values;
  }

  #find(topic: string): readonly T[] {
    const state = this.#after(topic);
    state.values ??= this.#valuesOf(state);
    return state.values;
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
      if (state.selective.length === 0) {
        state = state.other ?? this.#step(state, undefined);
      } else {
        const segment = dot < 0 ? topic.slice(from) : topic.slice(from, dot);
        state =
          state.next.get(segment) ??
          (this.#isNamed(segment, state)
            ? this.#step(state, segment)
            : (state.other ?? this.#step(state, undefined)));
      }
      if (dot < 0) {
        break;
      }
      from = dot + 1;
    }
    return state;
  }

  /** Whether it may make a difference; where it does not after all, that is remembered. */
  #isNamed(segment: string, { selective }: MatchState<T>): boolean {
    if (selective.length > MAX_ASKED) {
      return this.#segments.has(segment);
    }
    for (const { literals } of selective) {
      if (literals.has(segment)) {
        return true;
      }
    }
    return false;
  }

  #begin(): MatchState<T> {
    const nodes: PatternNode<T>[] = [];
    this.#mark += 1;
    this.#enter(this.#root, nodes);
    const start = this.#stateOf(nodes);
    this.#start = start;
    return start;
  }

  /** Where a segment leads; undefined stands for every one that makes no difference. */
  #step(state: MatchState<T>, segment: string | undefined): MatchState<T> {
    const nodes: PatternNode<T>[] = [];
    this.#mark += 1;
    for (const node of state.nodes) {
      if (node.isAny) {
        this.#enter(node, nodes);
      }
      if (node.one !== undefined) {
        this.#enter(node.one, nodes);
      }
      const literal = segment === undefined ? undefined : node.literals.get(segment);
      if (literal !== undefined) {
        this.#enter(literal, nodes);
      }
    }
    if (this.#remembered > MAX_REMEMBERED) {
      this.#forgetStates();
    }
    const next = this.#stateOf(nodes);
    this.#remembered += 1;
    if (segment === undefined) {
      state.other = next;
    } else {
      state.next.set(segment, next);
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
        selective: nodes.filter(({ literals }) => literals.size > 0),
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
    const known = parent.literals.get(segment);
    if (known !== undefined) {
      return known;
    }
    this.#segments.set(segment, (this.#segments.get(segment) ?? 0) + 1);
    const node = this.#newNode(segment, parent);
    parent.literals.set(segment, node);
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
        if (parent.literals.get(segment) !== node) {
          return;
        }
        parent.literals.delete(segment);
        const others = (this.#segments.get(segment) ?? 1) - 1;
        if (others > 0) {
          this.#segments.set(segment, others);
        } else {
          this.#segments.delete(segment);
        }
      }
      node = parent;
    }
  }

  /** The answers that were kept of topics stay true unless the patterns changed. */
  #forgetStates(): void {
    this.#states.clear();
    this.#start = undefined;
    this.#remembered = 0;
  }

  #forget(): void {
    this.#forgetStates();
    this.#lately.clear();
    this.#before.clear();
    this.#answered = 0;
  }
}
