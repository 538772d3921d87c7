import { Backoff } from '../base/backoff';
import { delay, type Clock } from '../base/clock';
import { DisposableStore, type Disposable } from '../base/disposable';
import { Emitter, type Event } from '../base/emitter';
import type { KubeFetch } from '../base/kubeFetch';
import { scopedLogger, type Logger } from '../base/logger';
import type { Random } from '../base/random';
import { ChildAbort } from '../informer/childAbort';
import { Pause } from '../informer/pause';
import { followPodLog, PodLogRefusedError, type PodLogBatch, type PodLogTarget } from '../kube/followPodLog';
import type { LogState } from '../protocol/podLog';
import { ProblemError, type Problem } from '../protocol/problem';
import { problemFromError } from '../protocol/problemFromError';
import type { RequestResult } from '../protocol/requests';
import { planResume } from './podLogOverlap';
import { PodLogRing } from './podLogRing';

export interface PodLogStreamOptions {
  readonly fetch: KubeFetch;
  readonly target: PodLogTarget & { readonly source: string };
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Lines of before to start with. */
  readonly tailLines: number;
  readonly maxLines?: number;
  readonly maxBytes?: number;
}

const DEFAULT_MAX_LINES = 5000;
const DEFAULT_MAX_BYTES = 16 * 1024 * 1024;
/** 20 frames a second: a reader cannot tell it from every line by itself. */
const FRAME_MS = 50;
const BACKOFF = { initialMs: 800, maxMs: 30_000, factor: 2 };
/** A connection that held this long was not part of the trouble before it. */
const HEALTHY_MS = 10_000;
/** After a clean end: long enough for a container that restarts at once to be there again. */
const CHECK_FOR_MORE_MS = 1_000;

/** The connection is given up for a new one. */
class Reopening extends Error {
  readonly code = 'reopening';

  constructor() {
    super('the log is opened anew');
    this.name = 'Reopening';
  }
}

/** The way to the cluster is lost: the connection is given up, and there is no use in a new one yet. */
class Interruption extends ProblemError {}

/**
 * Follows one container's log from construction to `dispose`, and holds its newest lines. Lines are numbered from 0 in
 * the order in which they came, without gaps. A broken connection is opened again, with growing pauses, at the second of
 * the newest line, and the lines that are held already are recognised and left out. What a node had given up by then is
 * missing without a mark. What time does not mend is tried again only when told to (`reopen`).
 */
export class PodLogStream implements Disposable {
  readonly #options: PodLogStreamOptions;
  readonly #logger: Logger;
  readonly #owned = new DisposableStore();
  readonly #stopped = new AbortController();
  readonly #ring: PodLogRing;
  readonly #backoff: Backoff;
  readonly #pause: Pause;
  readonly #changed: Emitter<void>;
  #round: ChildAbort | undefined;
  #frame: Disposable | undefined;
  #lastFrameMs = Number.NEGATIVE_INFINITY;
  #state: LogState = { type: 'connecting' };

  constructor(options: PodLogStreamOptions) {
    this.#options = options;
    const { target, maxLines = DEFAULT_MAX_LINES, maxBytes = DEFAULT_MAX_BYTES } = options;
    this.#logger = scopedLogger(options.logger, `log ${target.namespace}/${target.pod}`);
    this.#ring = new PodLogRing({ maxLines, maxBytes });
    this.#backoff = new Backoff(BACKOFF, options.random);
    this.#pause = new Pause(options.clock);
    this.#changed = this.#owned.add(
      new Emitter<void>((error) => this.#logger.error('A listener failed', error)),
    );
    void this.#run();
  }

  /** New lines, or another state. At most once in 50 ms; the first of a burst is told at once. */
  get onChanged(): Event<void> {
    return this.#changed.event;
  }

  get state(): LogState {
    return this.#state;
  }

  /** Lines `first` to `next - 1` are held. */
  get range(): { readonly first: number; readonly next: number } {
    return { first: this.#ring.first, next: this.#ring.next };
  }

  read(from: number, limit: number): RequestResult<'logs.read'> {
    return { lines: this.#ring.slice(from, limit), ...this.range, state: this.#state };
  }

  /**
   * Gives up the connection, of which nobody can say any more whether it lives: the log has failed of this problem until
   * `reopen`. A log that has failed or ended already stays as it is.
   */
  interrupt(problem: Problem): void {
    if (!this.#pause.isWaiting) {
      this.#round?.abort(new Interruption(problem));
    }
  }

  /** Opens the log anew at once, unless it has ended: the way to its cluster has changed. No line comes twice by it. */
  reopen(): void {
    this.#backoff.reset();
    if (this.#pause.isWaiting) {
      this.#pause.cut();
    } else {
      this.#round?.abort(new Reopening());
    }
  }

  dispose(): void {
    this.#stopped.abort(new DOMException('the log was closed', 'AbortError'));
    this.#frame?.dispose();
    this.#frame = undefined;
    this.#owned.dispose();
  }

  /** Never rejects. */
  async #run(): Promise<void> {
    const { clock } = this.#options;
    const { signal } = this.#stopped;
    let isChecking = false;
    while (!signal.aborted) {
      const before = this.#ring.next;
      const round = new ChildAbort(signal);
      this.#round = round;
      try {
        const unterminated = await this.#follow(round.signal);
        round.signal.throwIfAborted();
        if (isChecking && this.#ring.next === before) {
          this.#append(unterminated);
          this.#setState({ type: 'ended' });
          return;
        }
        // A server that goes down ends its streams as cleanly as a container that stopped: only asking again tells.
        isChecking = true;
        await delay(clock, CHECK_FOR_MORE_MS, round.signal);
      } catch (error) {
        // What a transport makes of being aborted is its own affair.
        const cause: unknown = round.signal.aborted ? round.signal.reason : error;
        if (signal.aborted) {
          return;
        }
        if (cause instanceof Reopening) {
          this.#setState({ type: 'connecting' });
        } else {
          await this.#pauseAfter(cause, signal);
        }
      } finally {
        this.#round = undefined;
        round.dispose();
      }
    }
  }

  /** Says what went wrong, and waits until it may be tried again. Never rejects. */
  async #pauseAfter(error: unknown, signal: AbortSignal): Promise<void> {
    const problem = problemFromError(error);
    if (error instanceof Interruption || isFinal(problem)) {
      this.#setState({ type: 'failed', problem });
      await this.#pause.wait(undefined, signal);
      return;
    }
    const wished = error instanceof PodLogRefusedError ? (error.retryAfterMs ?? 0) : 0;
    const pauseMs = Math.max(this.#backoff.nextMs(), wished);
    this.#logger.debug(`${problem.code}: ${problem.detail}; again in ${pauseMs} ms`);
    this.#setState({ type: 'failed', problem, retryAt: this.#options.clock.now() + pauseMs });
    await this.#pause.wait(pauseMs, signal);
  }

  /** One connection, to its clean end. Resolves to the line that was left open there, if one was. */
  async #follow(signal: AbortSignal): Promise<PodLogBatch | undefined> {
    const { clock, fetch, target, tailLines } = this.#options;
    const { overlap, ...where } = planResume(this.#ring, tailLines);
    let acceptedMs: number | undefined;
    const { namespace, pod, container } = target;
    const options = { namespace, pod, ...(container === undefined ? {} : { container }), ...where };
    let unterminated: PodLogBatch | undefined;
    try {
      for await (const batch of followPodLog(fetch, options, signal)) {
        signal.throwIfAborted();
        acceptedMs ??= clock.monotonic();
        const fresh = { ...batch, lines: batch.lines.filter((line) => !overlap.isHeld(line)) };
        this.#setState({ type: 'following' });
        if (batch.isUnterminated) {
          unterminated = fresh;
        } else {
          this.#append(fresh);
        }
      }
      return unterminated;
    } finally {
      if (acceptedMs !== undefined && clock.monotonic() - acceptedMs >= HEALTHY_MS) {
        this.#backoff.reset();
      }
    }
  }

  #append(batch: PodLogBatch | undefined): void {
    if (batch === undefined || batch.lines.length === 0) {
      return;
    }
    for (const line of batch.lines) {
      this.#ring.append(line);
    }
    this.#backoff.reset();
    this.#announce();
  }

  #setState(state: LogState): void {
    if (state.type === this.#state.type && state.type !== 'failed') {
      return;
    }
    this.#state = state;
    this.#announce();
  }

  #announce(): void {
    if (this.#frame !== undefined || this.#stopped.signal.aborted) {
      return;
    }
    const { clock } = this.#options;
    const waitMs = this.#lastFrameMs + FRAME_MS - clock.monotonic();
    if (waitMs <= 0) {
      this.#fire();
      return;
    }
    this.#frame = clock.schedule(waitMs, () => this.#fire());
  }

  #fire(): void {
    this.#frame?.dispose();
    this.#frame = undefined;
    this.#lastFrameMs = this.#options.clock.monotonic();
    this.#changed.fire();
  }
}

/** Troubles that time alone does not mend; everything else is tried again. */
function isFinal({ code }: Problem): boolean {
  switch (code) {
    case 'forbidden':
    case 'notFound':
    case 'notInstalled':
    case 'consent':
    case 'kubeconfig':
    case 'unsupported':
      return true;
    case 'unreachable':
    case 'dns':
    case 'tls':
    case 'proxy':
    case 'credentials':
    case 'unauthorized':
    case 'throttled':
    case 'serverError':
    case 'upstream':
    case 'expired':
    case 'malformed':
    case 'unknownMessage':
    // 400 is what a container that has not started yet is answered with.
    case 'badRequest':
    case 'closed':
    case 'internal':
      return false;
    default:
      return code satisfies never;
  }
}
