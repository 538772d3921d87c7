import type { Clock } from '../../base/clock';
import { readText } from '../../base/readBody';
import { timedRequest } from '../../informer/timedRequest';
import type { RequestResult } from '../../protocol/requests';
import type { Source } from '../source';

/** Far below how often anybody measures. */
const KEPT_MS = 5_000;
const ANSWER_MS = 10_000;
const WHOLE_MS = 20_000;
/** What all nodes of the largest cluster use. */
const MAX_BODY_BYTES = 8 * 1024 * 1024;

type Answer = RequestResult<'kube.open'>;

interface Kept {
  readonly path: string;
  readonly atMs: number;
  readonly answer: Promise<Answer>;
}

/** What many clients ask for alike is asked of a cluster once: it costs the cluster the same however many look at it. */
export class SharedReads {
  readonly #clock: Clock;
  readonly #kept = new WeakMap<Source, Kept>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The answer to a GET of `path`, at most some seconds old. Rejects as {@link timedRequest} does, and with `signal`'s reason. */
  async get(source: Source, path: string, signal: AbortSignal): Promise<Answer> {
    const kept = this.#kept.get(source);
    const nowMs = this.#clock.monotonic();
    let answer = kept?.path === path && nowMs - kept.atMs < KEPT_MS ? kept.answer : undefined;
    if (answer === undefined) {
      answer = this.#ask(source, path);
      this.#kept.set(source, { path, atMs: nowMs, answer });
      answer.catch(() => this.#kept.delete(source));
    }
    const result = await answer;
    signal.throwIfAborted();
    return result;
  }

  #ask(source: Source, path: string): Promise<Answer> {
    const requester = { fetch: source.fetch(), clock: this.#clock };
    const limits = { answerMs: ANSWER_MS, bodyIdleMs: ANSWER_MS, wholeMs: WHOLE_MS };
    // Nobody of those who wait for it may end it for the others.
    const { signal } = new AbortController();
    return timedRequest(requester, path, { ...limits, signal }, async (response) => {
      const retryAfter = response.header('retry-after');
      const text = await readText(response.body, MAX_BODY_BYTES);
      return {
        status: response.status,
        ...(retryAfter === undefined ? {} : { retryAfter }),
        text,
        isEnd: true,
      };
    });
  }
}
