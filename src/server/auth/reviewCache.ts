import type { Clock } from '../../base/clock';
import { DisposableStore, type Disposable } from '../../base/disposable';
import { ChildAbort, orAbort } from '../../informer/childAbort';
import { ProblemError } from '../../protocol/problem';

export interface ReviewCacheOptions {
  readonly clock: Clock;
  /** How long an answer counts, in milliseconds from when it was asked for. */
  readonly keepMs: number;
}

/** How long a failure counts: whoever fails is not asked by everybody again at once. */
const KEEP_FAILED_MS = 1_000;
/** An answer is a few words under a key of some 100 characters. */
const MAX_KEPT = 20_000;
const MAX_UNDER_WAY = 32;
/** Beyond it whoever asks is told to come again. */
const MAX_WAITING = 5_000;
/** From when it is wanted: nobody waits for a hub that waits for its cluster. */
const PATIENCE_MS = 5_000;

interface Entry<T> {
  readonly askedAtMs: number;
  readonly answer: Promise<T>;
  hasFailed: boolean;
}

/**
 * Asks what costs a request, and remembers the answer for a while. Whoever asks the same meanwhile gets the same answer. What is
 * asked at once, waits and is remembered is bounded. Rejects with what `ask` does, `unreachable` after 5 s, and `throttled` where
 * too many wait.
 */
export class ReviewCache<T> implements Disposable {
  readonly #options: ReviewCacheOptions;
  /** Those that were asked for last at the end. */
  readonly #entries = new Map<string, Entry<T>>();
  readonly #waiting = new Set<() => void>();
  readonly #ended = new AbortController();
  #underWay = 0;
  #asked = 0;

  constructor(options: ReviewCacheOptions) {
    this.#options = options;
  }

  /** How often it was asked for an answer that was not remembered. */
  get asked(): number {
    return this.#asked;
  }

  get(key: string, ask: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const now = this.#options.clock.monotonic();
    const known = this.#entries.get(key);
    if (known !== undefined && now - known.askedAtMs < this.#keepMs(known)) {
      return known.answer;
    }
    this.#asked += 1;
    const answer = this.#ask(ask);
    const entry: Entry<T> = { askedAtMs: now, answer, hasFailed: false };
    answer.catch(() => {
      entry.hasFailed = true;
    });
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    this.#expire(now);
    return answer;
  }

  /** What is under way is given up. */
  dispose(): void {
    this.#ended.abort(new ProblemError({ code: 'closed', detail: 'the hub is shutting down' }));
    this.#entries.clear();
  }

  #keepMs({ hasFailed }: Entry<T>): number {
    return hasFailed ? Math.min(KEEP_FAILED_MS, this.#options.keepMs) : this.#options.keepMs;
  }

  /** The oldest are first, so that little is looked at that stays. */
  #expire(now: number): void {
    for (const [key, entry] of this.#entries) {
      if (this.#entries.size <= MAX_KEPT && now - entry.askedAtMs < this.#options.keepMs) {
        return;
      }
      this.#entries.delete(key);
    }
  }

  async #ask(ask: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const owned = new DisposableStore();
    const abort = owned.add(new ChildAbort(this.#ended.signal));
    owned.add(
      this.#options.clock.schedule(PATIENCE_MS, () =>
        abort.abort(
          new ProblemError({ code: 'unreachable', detail: `no answer within ${PATIENCE_MS / 1_000} s` }),
        ),
      ),
    );
    try {
      await this.#turn(abort.signal);
      try {
        return await orAbort(ask(abort.signal), abort.signal);
      } finally {
        this.#underWay -= 1;
        this.#next();
      }
    } finally {
      owned.dispose();
    }
  }

  /** Resolves when this one may ask, which is then counted. */
  async #turn(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#underWay < MAX_UNDER_WAY) {
      this.#underWay += 1;
      return;
    }
    if (this.#waiting.size >= MAX_WAITING) {
      throw new ProblemError({ code: 'throttled', detail: 'too many want to know what they may' });
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    let isMine = true;
    const take = (): void => {
      isMine = false;
      this.#underWay += 1;
      resolve();
    };
    this.#waiting.add(take);
    try {
      await orAbort(promise, signal);
    } catch (error) {
      if (isMine) {
        this.#waiting.delete(take);
      } else {
        this.#underWay -= 1;
        this.#next();
      }
      throw error;
    }
  }

  #next(): void {
    const [take] = this.#waiting;
    if (take !== undefined) {
      this.#waiting.delete(take);
      take();
    }
  }
}
