import * as v from 'valibot';
import type { Clock } from '../../src/base/clock';
import { toDisposable, type Disposable } from '../../src/base/disposable';
import { ProblemError, type Problem } from '../../src/protocol/problem';
import type { RequestMethod } from '../../src/protocol/requests';

/** A person signing in, in a browser that a sign-in program opened (the host's bound on such a program). */
const SIGN_IN_MS = 180_000;
/** The host's bound on one answer of a cluster. */
const ANSWER_MS = 30_000;
/**
 * Longer than the host takes at its slowest, so that its reason comes first: somebody signs in, then a list comes in some
 * pages. 180 s + 4 × 30 s = 300 s.
 */
export const REQUEST_DEADLINE_MS = SIGN_IN_MS + 4 * ANSWER_MS;

/** What may wait for a person, who may take any time: a command may ask which of several was meant. */
const WITHOUT_DEADLINE: ReadonlySet<string> = new Set<RequestMethod>(['command.run']);

/** How far a request is: `fraction` from 0 to 1, `text` in the language of the view, each where it is known. */
export interface RequestProgress {
  readonly fraction?: number;
  readonly text?: string;
}

export type ProgressListener = (progress: RequestProgress) => void;

interface Pending {
  readonly method: string;
  readonly params: unknown;
  readonly onProgress: ProgressListener | undefined;
  readonly settle: (outcome: Outcome) => void;
}

type Outcome =
  { readonly ok: true; readonly result: unknown } | { readonly ok: false; readonly reason: unknown };

/** How requests leave this side. */
export interface RequestSender {
  send(id: number, method: string, params: unknown): void;
  cancel(id: number): void;
}

/**
 * The requests that wait for an answer. Each ends exactly once: by its answer, a typed error, its signal, the deadline
 * (`command.run` has none), or `failAll`. Answers to requests that ended before are ignored.
 */
export class PendingRequests {
  readonly #clock: Clock;
  readonly #sender: RequestSender;
  readonly #pending = new Map<number, Pending>();
  #nextId = 1;

  constructor(clock: Clock, sender: RequestSender) {
    this.#clock = clock;
    this.#sender = sender;
  }

  get size(): number {
    return this.#pending.size;
  }

  /** Registers a request and, unless `isHeld`, sends it. Rejects with a {@link ProblemError} or the signal's reason. */
  start<R>(
    request: {
      readonly method: string;
      readonly params: unknown;
      readonly resultSchema: v.GenericSchema<unknown, R>;
      readonly onProgress?: ProgressListener | undefined;
    },
    isHeld: boolean,
    signal: AbortSignal | undefined,
  ): Promise<R> {
    const { method, params, resultSchema, onProgress } = request;
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) {
        reject(signal.reason);
        return;
      }
      const id = this.#nextId;
      this.#nextId += 1;
      const withdraw = (reason: unknown): void => {
        this.#sender.cancel(id);
        this.#end(id, { ok: false, reason });
      };
      const deadline = WITHOUT_DEADLINE.has(method)
        ? undefined
        : this.#clock.schedule(REQUEST_DEADLINE_MS, () =>
            // The host bounds everything it waits for itself: that it says nothing at all is a fault, not an end.
            withdraw(failure('internal', `no answer to ${method} within ${REQUEST_DEADLINE_MS / 1000} s`)),
          );
      const abort = onAbort(signal, () => withdraw(signal?.reason));
      this.#pending.set(id, {
        method,
        params,
        onProgress,
        settle: (outcome) => {
          deadline?.dispose();
          abort.dispose();
          if (!outcome.ok) {
            reject(outcome.reason);
            return;
          }
          const decoded = v.safeParse(resultSchema, outcome.result, { abortEarly: true });
          if (decoded.success) {
            resolve(decoded.output);
          } else {
            const path = v.getDotPath(decoded.issues[0]) ?? 'the top';
            reject(failure('malformed', `the answer to ${method} is not what was agreed, at ${path}`));
          }
        },
      });
      if (!isHeld) {
        this.#sender.send(id, method, params);
      }
    });
  }

  /** Sends every waiting request (again): the server forgot them, or was not there yet. */
  sendAll(): void {
    for (const [id, { method, params }] of this.#pending) {
      this.#sender.send(id, method, params);
    }
  }

  /** Tells whoever waits for request `id` how far it is. */
  progress(id: number, progress: RequestProgress): void {
    this.#pending.get(id)?.onProgress?.(progress);
  }

  answer(id: number, result: unknown): void {
    this.#end(id, { ok: true, result });
  }

  fail(id: number, problem: Problem): void {
    this.#end(id, { ok: false, reason: new ProblemError(problem) });
  }

  /** Ends all, as when the channel closed. */
  failAll(problem: Problem): void {
    for (const id of this.#pending.keys()) {
      this.fail(id, problem);
    }
  }

  #end(id: number, outcome: Outcome): void {
    const pending = this.#pending.get(id);
    if (pending !== undefined) {
      this.#pending.delete(id);
      pending.settle(outcome);
    }
  }
}

function failure(code: Problem['code'], detail: string): ProblemError {
  return new ProblemError({ code, detail });
}

function onAbort(signal: AbortSignal | undefined, callback: () => void): Disposable {
  signal?.addEventListener('abort', callback, { once: true });
  return toDisposable(() => signal?.removeEventListener('abort', callback));
}
