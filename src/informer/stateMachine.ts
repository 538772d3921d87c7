import type { Clock } from '../base/clock';
import type { Random } from '../base/random';
import type { Problem } from '../protocol/problem';
import type { ProofOfLife, SourceState } from '../protocol/sourceState';
import type { Fault } from './fault';
import { Freshness, type FreshnessHost } from './freshness';
import type { InformerStatus } from './informerStatus';
import type { Instant } from '../base/instant';
import { RetryPolicy } from './retryPolicy';

export interface StateMachineOptions extends Pick<FreshnessHost, 'watchVersion' | 'probe' | 'onFault'> {
  readonly clock: Clock;
  readonly random: Random;
  readonly status: InformerStatus;
}

/**
 * A change of the CRD ends every watch, refuses the next one with 429 for a second, and then has forgotten its history:
 * 1 s + 0.8 s + 1.6 s of back-off at the most. What is mended within this time is not worth a change of state; what
 * takes longer shows as stale meanwhile.
 */
const HICCUP_MS = 5_000;
/** As many of them may follow each other. */
const MAX_HICCUPS = 3;

/** Turns what happens to the connection into the state that is shown, and into the wait before the next attempt. */
export class StateMachine {
  readonly #clock: Clock;
  readonly #status: InformerStatus;
  readonly #retry: RetryPolicy;
  readonly #freshness: Freshness;
  /** After a failure no new watch proves anything by itself, until something else did. */
  #mustProve = false;
  /** What failed since there was proof, and when it is tried again. */
  #doubt: { readonly problem: Problem; readonly retryAt?: number } | undefined;

  constructor(options: StateMachineOptions) {
    this.#clock = options.clock;
    this.#status = options.status;
    this.#retry = new RetryPolicy(options.clock, options.random);
    this.#freshness = new Freshness(options.clock, {
      watchVersion: options.watchVersion,
      probe: options.probe,
      onFault: options.onFault,
      onProof: (wallMs, proof) => this.#proven(wallMs, proof),
      onStale: () => this.#becomeStale(),
    });
  }

  /** Whether proof of life is being sought: what is held was true a while ago, and may still be. */
  get seeksProof(): boolean {
    return this.#freshness.isRunning;
  }

  setVisible(isVisible: boolean): void {
    this.#freshness.setVisible(isVisible);
  }

  /** A run begins, and ends with the signal. */
  begin(signal: AbortSignal): void {
    signal.addEventListener('abort', () => this.#freshness.stop(), { once: true });
    this.#mustProve = false;
    this.#doubt = undefined;
    this.#retry.reset();
    this.#status.changeTo({ type: 'connecting' });
  }

  /** The next failure counts as the first, and proof is sought at once. */
  startAnew(): void {
    this.#retry.reset();
    this.#freshness.probeNow();
  }

  /** A page of a list came. `hasOld`: something is held that the list will replace. */
  listing(loaded: number, total: number | undefined, hasOld: boolean): void {
    const { asOf, state } = this.#status;
    if (state.type === 'live') {
      return;
    }
    if (hasOld && asOf !== undefined) {
      this.#status.changeTo(this.#staleSince(asOf));
    } else {
      this.#status.changeTo({ type: 'syncing', loaded, ...(total === undefined ? {} : { total }) });
    }
  }

  /** A whole list is in the Store, true at that moment. */
  listed(asOf: Instant): void {
    this.#mustProve = false;
    this.#status.listed();
    this.#status.provenAt(asOf.wallMs, 'list');
    this.#freshness.listed(asOf);
  }

  /** The server answered a watch; `run` is the signal that ends the seeking of proof. */
  watchOpened(run: AbortSignal): void {
    // A watch that is opened in the ordinary course of things does not by itself end a silence, nor make a list that took
    // long any younger.
    const probeAtOnce = this.#mustProve || this.#freshness.isOverdue;
    if (!probeAtOnce) {
      this.#becomeLive();
    }
    this.#status.watching(this.#clock.now());
    this.#freshness.start(run, { probeAtOnce });
    this.#freshness.watchOpened();
  }

  watchEnded(): void {
    this.#status.watching(undefined);
    this.#freshness.watchEnded();
  }

  watchSpoke(proof: 'event' | 'bookmark'): void {
    this.#freshness.watchSpoke(proof);
  }

  /** What is held has to be listed anew, though nothing failed. */
  relisting(): void {
    this.#freshness.demandProof(HICCUP_MS);
  }

  /** Another cluster answers, and nothing is held any more. */
  replaced(): void {
    this.#status.forgotten();
    this.#leaveLive({ type: 'connecting' });
  }

  /** Counts and shows a failure. Milliseconds to wait before the next attempt; undefined: until the user acts. */
  failed(fault: Fault): number | undefined {
    this.#mustProve = true;
    const waitMs = this.#retry.failed(fault);
    this.#doubt = {
      problem: fault.problem,
      ...(waitMs === undefined ? {} : { retryAt: this.#clock.now() + waitMs }),
    };
    this.#show(fault, waitMs);
    this.#status.attemptFailed.fire(fault.problem);
    return waitMs;
  }

  #show(fault: Fault, waitMs: number | undefined): void {
    const { problem } = fault;
    if (waitMs === undefined) {
      this.#leaveLive({ type: 'failed', problem });
      return;
    }
    const retryAt = this.#clock.now() + waitMs;
    switch (problem.code) {
      case 'unauthorized':
      case 'forbidden':
      case 'notInstalled':
        this.#leaveLive({ type: problem.code, retryAt, problem });
        return;
      default:
        break;
    }
    if (this.#isHiccup(fault, waitMs)) {
      // What is held is shown as it is until it is proven or replaced, and soon as not up to date.
      this.#freshness.demandProof(HICCUP_MS);
      if (this.#status.state.type === 'stale') {
        this.#becomeStale();
      }
    } else {
      this.#leaveLive({ type: 'reconnecting', attempt: this.#retry.attempt, retryAt, problem });
    }
  }

  #isHiccup(fault: Fault, waitMs: number): boolean {
    const { type } = this.#status.state;
    return (
      fault.isBrief &&
      (type === 'live' || type === 'stale') &&
      waitMs <= HICCUP_MS &&
      this.#retry.attempt <= MAX_HICCUPS
    );
  }

  #proven(wallMs: number, proof: ProofOfLife): void {
    this.#status.provenAt(wallMs, proof);
    this.#becomeLive();
  }

  #becomeLive(): void {
    this.#doubt = undefined;
    this.#mustProve = false;
    this.#retry.healthy();
    this.#status.changeTo({ type: 'live' });
  }

  #becomeStale(): void {
    const { state, asOf } = this.#status;
    if ((state.type === 'live' || state.type === 'stale') && asOf !== undefined) {
      this.#status.changeTo(this.#staleSince(asOf));
    }
  }

  #staleSince(since: number): SourceState {
    const { problem, retryAt } = this.#doubt ?? {};
    return {
      type: 'stale',
      since,
      ...(problem === undefined ? {} : { problem }),
      ...(retryAt === undefined || retryAt <= this.#clock.now() ? {} : { retryAt }),
    };
  }

  #leaveLive(state: SourceState): void {
    this.#freshness.stop();
    this.#status.changeTo(state);
  }
}
