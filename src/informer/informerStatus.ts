import type { Disposable } from '../base/disposable';
import { Emitter } from '../base/emitter';
import type { Logger } from '../base/logger';
import type { Problem } from '../protocol/problem';
import type { ProofOfLife, SourceState } from '../protocol/sourceState';

/** What an informer did since it was made. */
export interface InformerCounters {
  /** Lists begun, the first one included. */
  readonly lists: number;
  /** Watches opened or tried. */
  readonly watches: number;
  readonly probes: number;
  /** Lists, watches and probes that ended in an error. */
  readonly failures: number;
  /** Lines of watches that could not be understood. */
  readonly badLines: number;
  /** Items of lists that could not be understood, and were left out. */
  readonly malformedItems: number;
}

/** State, freshness and counts of one informer, and who is told of them. */
export class InformerStatus implements Disposable {
  readonly stateChanged: Emitter<SourceState>;
  readonly proof: Emitter<void>;
  readonly problem: Emitter<Problem>;
  readonly attemptFailed: Emitter<Problem>;
  readonly #counters = { lists: 0, watches: 0, probes: 0, failures: 0, badLines: 0, malformedItems: 0 };
  #state: SourceState = { type: 'idle' };
  #asOf: number | undefined;
  #proof: ProofOfLife | undefined;
  #watchOpenedAt: number | undefined;
  #generation = 0;

  constructor(logger: Logger) {
    const onListenerError = (error: unknown): void =>
      logger.error('A listener of the informer failed', error);
    this.stateChanged = new Emitter(onListenerError);
    this.proof = new Emitter(onListenerError);
    this.problem = new Emitter(onListenerError);
    this.attemptFailed = new Emitter(onListenerError);
  }

  get state(): SourceState {
    return this.#state;
  }

  get asOf(): number | undefined {
    return this.#asOf;
  }

  get proofOfLife(): ProofOfLife | undefined {
    return this.#proof;
  }

  get watchOpenedAt(): number | undefined {
    return this.#watchOpenedAt;
  }

  get generation(): number {
    return this.#generation;
  }

  get counters(): InformerCounters {
    return { ...this.#counters };
  }

  /** Nothing is told when the state stays the same. */
  changeTo(state: SourceState): void {
    if (!isSameState(this.#state, state)) {
      this.#state = state;
      this.stateChanged.fire(state);
    }
  }

  /** The data was true at `wallMs`. */
  provenAt(wallMs: number, proof: ProofOfLife): void {
    this.#asOf = wallMs;
    this.#proof = proof;
    this.proof.fire();
  }

  /** A complete list is in the Store. */
  listed(): void {
    this.#generation += 1;
  }

  /** Since when the watch is open, in wall milliseconds; undefined when it is over. */
  watching(since: number | undefined): void {
    this.#watchOpenedAt = since;
  }

  /** Nothing is held any more. */
  forgotten(): void {
    this.#asOf = undefined;
    this.#proof = undefined;
  }

  counted(counter: keyof InformerCounters, by = 1): void {
    this.#counters[counter] += by;
  }

  report(problem: Problem): void {
    this.problem.fire(problem);
  }

  dispose(): void {
    this.stateChanged.dispose();
    this.proof.dispose();
    this.problem.dispose();
    this.attemptFailed.dispose();
  }
}

function isSameState(a: SourceState, b: SourceState): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
