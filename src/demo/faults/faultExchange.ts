/** One request and its answer: ended by its caller's signal, or by whoever plays a fault. */
export class FaultExchange {
  readonly #callerSignal: AbortSignal | undefined;
  readonly #abort = new AbortController();
  readonly #onEnd: (exchange: FaultExchange) => void;

  /** `onEnd` is called once, when it is over. */
  constructor(callerSignal: AbortSignal | undefined, onEnd: (exchange: FaultExchange) => void) {
    this.#callerSignal = callerSignal;
    this.#onEnd = onEnd;
    if (callerSignal?.aborted === true) {
      this.#onCallerAbort();
    } else {
      callerSignal?.addEventListener('abort', this.#onCallerAbort, { once: true });
    }
  }

  /** What the server below is given. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  abort(reason: unknown): void {
    this.#abort.abort(reason);
  }

  /** Nothing more is to come. Idempotent. */
  end(): void {
    this.#callerSignal?.removeEventListener('abort', this.#onCallerAbort);
    this.#onEnd(this);
  }

  readonly #onCallerAbort = (): void => this.#abort.abort(this.#callerSignal?.reason);
}
