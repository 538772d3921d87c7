import { delay, type Clock } from '../../base/clock';
import { toDisposable, type Disposable } from '../../base/disposable';
import { KubeTransportError, type KubeFetch, type KubeResponse } from '../../base/kubeFetch';
import { between, type Random } from '../../base/random';
import { isResumingPath, isWatchPath } from '../apiServer/streamingPath';
import {
  expiredAnswer,
  expiredLine,
  failedAnswer,
  forbiddenAnswer,
  garbage,
  throttledAnswer,
} from './faultAnswers';
import { FaultExchange } from './faultExchange';
import { FaultyBody } from './faultyBody';
import { SilenceGate } from './silenceGate';

export interface DemoFaultsOptions {
  /** The server that is played upon. */
  readonly fetch: KubeFetch;
  readonly clock: Clock;
  readonly random: Random;
  /** Makes the server forget its history. Absent: it cannot. */
  readonly compact?: () => void;
}

/** How long an answer takes, drawn anew for each request. */
export interface Latency {
  readonly minMs: number;
  readonly maxMs: number;
}

/** A request is answered in this way instead of by the server. */
interface Refusal {
  applies(path: string): boolean;
  /** Of the requests it applies to, so many more. */
  left: number;
  answer(): KubeResponse;
}

/**
 * A server with knobs that make it fail. Those that last return a disposable which ends them; the others happen once, to
 * the streams that are open or the requests that come next, and say to how many streams they happened. What is asked while
 * no knob is turned goes through unchanged. Once disposed, every request and every open body fails with `closed`.
 */
export class DemoFaults implements Disposable {
  readonly #options: DemoFaultsOptions;
  readonly #gate = new SilenceGate(() => this.#bodies.forEach((_, body) => body.goOn()));
  readonly #exchanges = new Set<FaultExchange>();
  /** Open bodies, and whether each is a watch. */
  readonly #bodies = new Map<FaultyBody, boolean>();
  readonly #latencies = new Set<Latency>();
  readonly #refusals = new Set<Refusal>();
  #isDisposed = false;

  constructor(options: DemoFaultsOptions) {
    this.#options = options;
  }

  readonly fetch: KubeFetch = async (path, request = {}) => {
    if (this.#isDisposed) {
      throw stopped();
    }
    const exchange = new FaultExchange(request.signal, (ended) => this.#exchanges.delete(ended));
    this.#exchanges.add(exchange);
    const { signal } = exchange;
    try {
      await this.#gate.pass(signal);
      await this.#pause(signal);
      await this.#gate.pass(signal);
      const refused = this.#refuse(path);
      if (refused !== undefined) {
        exchange.end();
        return refused;
      }
      const response = await this.#options.fetch(path, { ...request, signal });
      await this.#gate.pass(signal);
      // Nobody reads, or closes, an answer to a request that was given up meanwhile.
      signal.throwIfAborted();
      return this.#wrap(path, response, exchange);
    } catch (error) {
      exchange.end();
      throw error;
    }
  };

  get openWatchCount(): number {
    return this.#watches().length;
  }

  /** Requests that are being answered, and bodies that are not read to their end. */
  get openExchangeCount(): number {
    return this.#exchanges.size;
  }

  /** Answers take time. Of several the one turned on last counts. */
  slowDown(latency: Latency): Disposable {
    const own = { ...latency };
    this.#latencies.add(own);
    return toDisposable(() => this.#latencies.delete(own));
  }

  /** Ends every open watch: cleanly, as a server does when their time is up, or with a broken connection. */
  cutWatches(how: 'end' | 'break'): number {
    const watches = this.#watches();
    for (const watch of watches) {
      if (how === 'end') {
        watch.endCleanly();
      } else {
        watch.breakOff(new KubeTransportError('closed', 'the connection was reset'));
      }
    }
    return watches.length;
  }

  /** Tells every open watch in its stream that its revision has expired (410), which ends it. */
  expireWatches(): number {
    const watches = this.#watches();
    for (const watch of watches) {
      watch.injectLast(expiredLine());
    }
    return watches.length;
  }

  /** Answers 410 to the next `count` requests that go on from a revision: watches, and further pages of lists. */
  expireNext(count: number): Disposable {
    return this.#refuseNext(count, expiredAnswer, isResumingPath);
  }

  /** Answers 429 to the next `count` requests. */
  throttleNext(count: number, retryAfterSeconds: number): Disposable {
    return this.#refuseNext(count, () => throttledAnswer(retryAfterSeconds));
  }

  /** Answers 500 to the next `count` requests. */
  failNext(count: number): Disposable {
    return this.#refuseNext(count, failedAnswer);
  }

  /** Answers 403 to everything new; what streams goes on, as with a permission that was revoked. */
  deny(): Disposable {
    return this.#refuseNext(Infinity, forbiddenAnswer);
  }

  /** Writes what is no JSON into every open watch, between two events. Half a line joins with the event after it. */
  garble(kind: 'line' | 'halfLine'): number {
    const watches = this.#watches();
    for (const watch of watches) {
      watch.inject(garbage(kind));
    }
    return watches.length;
  }

  /** Connections stand, and nothing comes: no answer and no byte of an open body. Afterwards all of it does. */
  silence(): Disposable {
    return this.#gate.silence();
  }

  /** Makes the server forget its history, so that whoever resumes is told 410. False when it cannot. */
  compact(): boolean {
    this.#options.compact?.();
    return this.#options.compact !== undefined;
  }

  dispose(): void {
    this.#isDisposed = true;
    for (const exchange of this.#exchanges) {
      exchange.abort(stopped());
    }
  }

  async #pause(signal: AbortSignal): Promise<void> {
    const latency = [...this.#latencies].at(-1);
    if (latency !== undefined) {
      const { clock, random } = this.#options;
      await delay(clock, between(random, latency.minMs, latency.maxMs), signal);
    }
  }

  #refuseNext(
    count: number,
    answer: () => KubeResponse,
    applies: (path: string) => boolean = () => true,
  ): Disposable {
    const refusal: Refusal = { applies, left: count, answer };
    this.#refusals.add(refusal);
    return toDisposable(() => this.#refusals.delete(refusal));
  }

  #refuse(path: string): KubeResponse | undefined {
    for (const refusal of this.#refusals) {
      if (refusal.left > 0 && refusal.applies(path)) {
        refusal.left -= 1;
        return refusal.answer();
      }
    }
    return undefined;
  }

  #wrap(path: string, response: KubeResponse, exchange: FaultExchange): KubeResponse {
    const body = new FaultyBody(
      response.body,
      exchange,
      () => this.#gate.isSilent,
      () => this.#bodies.delete(body),
    );
    this.#bodies.set(body, response.status === 200 && isWatchPath(path));
    return { status: response.status, header: (name) => response.header(name), body };
  }

  #watches(): readonly FaultyBody[] {
    return [...this.#bodies].flatMap(([body, isWatch]) => (isWatch ? [body] : []));
  }
}

function stopped(): KubeTransportError {
  return new KubeTransportError('closed', 'the demo cluster was stopped');
}
