const encoder = new TextEncoder();

/** A body that a test writes to while somebody reads it. */
export class ScriptedBody implements AsyncIterable<Uint8Array> {
  readonly #chunks: Uint8Array[] = [];
  readonly #onReleased: () => void;
  #ending: { readonly error?: unknown } | undefined;
  #wake: (() => void) | undefined;
  #isReleased = false;

  /** `onReleased` is called once: when the body was read to its end, left early, failed or aborted. */
  constructor(signal: AbortSignal | undefined, onReleased: () => void) {
    this.#onReleased = onReleased;
    signal?.addEventListener('abort', () => this.fail(signal.reason), { once: true });
  }

  get isReleased(): boolean {
    return this.#isReleased;
  }

  /** Does nothing once the body has an end. */
  write(text: string | Uint8Array): void {
    if (this.#ending !== undefined) {
      return;
    }
    this.#chunks.push(typeof text === 'string' ? encoder.encode(text) : text);
    this.#wake?.();
  }

  /** A clean end of stream, after what was written. */
  end(): void {
    this.#ending ??= {};
    this.#wake?.();
  }

  /** The connection breaks after what was written. */
  breakOff(error: unknown): void {
    this.#ending ??= { error };
    this.#wake?.();
  }

  /** The connection breaks now; what was written and not yet read is lost. */
  fail(error: unknown): void {
    if (this.#ending === undefined || this.#chunks.length > 0) {
      this.#chunks.length = 0;
      this.#ending = { error };
      this.#wake?.();
    }
    this.#release();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, void> {
    try {
      for (;;) {
        const chunk = this.#chunks.shift();
        if (chunk !== undefined) {
          yield chunk;
        } else if (this.#ending === undefined) {
          await new Promise<void>((resolve) => {
            this.#wake = resolve;
          });
        } else if ('error' in this.#ending) {
          throw this.#ending.error;
        } else {
          return;
        }
      }
    } finally {
      this.#release();
    }
  }

  #release(): void {
    if (!this.#isReleased) {
      this.#isReleased = true;
      this.#onReleased();
    }
  }
}
