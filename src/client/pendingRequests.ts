import * as v from 'valibot';
import type { Clock } from '../base/clock';
import { toDisposable, type Disposable } from '../base/disposable';
import { ProblemError, type Problem } from '../protocol/problem';
import type { RequestMethod } from '../protocol/requests';

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

/** What must not be done twice: where the server was lost nobody knows whether it was done. */
const NOT_REPEATABLE: ReadonlySet<string> = new Set<RequestMethod>(['command.run']);

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
  isSent: boolean;
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
        isSent: !isHeld,
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
    for (const [id, pending] of this.#pending) {
      pending.isSent = true;
      this.#sender.send(id, pending.method, pending.params);
    }
  }

  /** The server is gone, and another will be asked: ends what was sent and must not be asked twice. */
  serverLost(problem: Problem): void {
    for (const [id, { method, isSent }] of this.#pending) {
      if (isSent && NOT_REPEATABLE.has(method)) {
        this.fail(id, problem);
      }
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
