import { Backoff } from '../../base/backoff';
import { delay, yieldToEventLoop, type Clock } from '../../base/clock';
import { DisposableStore, type Disposable } from '../../base/disposable';
import { Emitter, type Event } from '../../base/emitter';
import type { KubeFetch } from '../../base/kubeFetch';
import { scopedLogger, type Logger } from '../../base/logger';
import { between, type Random } from '../../base/random';
import { ChildAbort } from '../../informer/childAbort';
import { Pause } from '../../informer/pause';
import { openPodLog, PodLogRefusedError, type PodLogOptions, type PodLogTarget } from '../../kube/openPodLog';
import type { LogTurns } from './logTurns';
import type { Resumption } from '../../logs/resumedLog';
import type { ViewStream } from '../../logs/logView';
import type { LogState } from '../../protocol/podLog';
import { ProblemError, type Problem } from '../../protocol/problem';
import { problemFromError } from '../../protocol/problemFromError';

export interface ContainerLogOptions {
  readonly fetch: KubeFetch;
  readonly target: PodLogTarget;
  /** Where the lines go. */
  readonly stream: ViewStream;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Lines of before to start with; at least one, so that the log can be taken up again. Undefined: all that there are. */
  readonly tailLines: number | undefined;
  /** RFC 3339: only lines from then on to start with. */
  readonly sinceTime?: string;
  /** The container's run before this one, which ends. */
  readonly previous?: boolean;
  /** Who opens a log waits for a turn; by default nobody waits. */
  readonly turns?: LogTurns;
}

const BACKOFF = { initialMs: 800, maxMs: 30_000, factor: 2 };
/** A connection that held this long was not part of the trouble before it. */
const HEALTHY_MS = 10_000;
/** After a clean end: long enough for a container that restarts at once to be there again. */
const CHECK_FOR_MORE_MS = 1_000;
/**
 * A connection on which nothing comes for so long is opened anew: what is between may have forgotten it. Load balancers and
 * proxies do so after 60 s to 4 minutes.
 */
const SILENT_MS = 55_000;
const SILENT_JITTER_MS = 10_000;
/** What a server still has of a log it sends at once: when nothing more comes for so long, the rest of it will not. */
const OVERLAP_MS = 5_000;
/**
 * From so many lines of before on they are read before the log is followed: a server sends each line of a log that is followed by
 * itself, which takes far longer than the lines together.
 */
const READ_FIRST_LINES = 5_000;
/** A server may answer with the first line only, which may be hours away: for so long at most others wait for their turn. */
const TURN_MS = 1_000;
/** The log of the run before is asked for once, on the side. */
const PREVIOUS_MS = 10_000;
/** What has come is worked off in pieces, between which other work runs. */
const MAX_PIECE_BYTES = 1024 * 1024;

/** The connection is given up for a new one. */
class Reopening extends Error {
  readonly code = 'reopening';
  /** Nobody asked for it, and nobody need know. */
  readonly isQuiet: boolean;

  constructor(isQuiet: boolean) {
    super('the log is opened anew');
    this.name = 'Reopening';
    this.isQuiet = isQuiet;
  }
}

/** The way to the cluster is lost: the connection is given up, and there is no use in a new one yet. */
class Interruption extends ProblemError {}

/**
 * Follows one container's log from construction to `dispose`; many lines of before are read first, by themselves. A broken connection is opened again, with growing pauses, at the
 * second of the newest line, and the lines that are held already are recognised by their sequence and left out. Where the last of
 * them does not come again lines may be missing, and a marker says between which times; where only the container was started
 * anew, the rest of its run before is read first. A silent connection is opened anew now and then. What time does not mend is
 * tried again only when told to (`reopen`).
 */
export class ContainerLog implements Disposable {
  readonly #options: ContainerLogOptions;
  readonly #logger: Logger;
  readonly #owned = new DisposableStore();
  readonly #stopped = new AbortController();
  readonly #backoff: Backoff;
  readonly #pause: Pause;
  readonly #changed: Emitter<void>;
  #round: ChildAbort | undefined;
  #timer: Disposable | undefined;
  /** Monotonic: when something came, or was last waited for. */
  #heardMs = 0;
  #state: LogState = { type: 'connecting' };
  /** Whether the server once sent what there was, be it nothing. */
  #wasRead = false;
  /** Whether what there was of many lines has been read, so that it can be followed. */
  #isReadFirst: boolean;

  constructor(options: ContainerLogOptions) {
    this.#options = options;
    const { target, tailLines = Number.POSITIVE_INFINITY, previous = false } = options;
    this.#isReadFirst = previous || tailLines < READ_FIRST_LINES;
    this.#logger = scopedLogger(options.logger, `log ${target.namespace}/${target.pod}`);
    this.#backoff = new Backoff(BACKOFF, options.random);
    this.#pause = new Pause(options.clock);
    this.#changed = this.#owned.add(
      new Emitter<void>((error) => this.#logger.error('A listener failed', error)),
    );
    void this.#run();
  }

  /** Another state. */
  get onChanged(): Event<void> {
    return this.#changed.event;
  }

  get state(): LogState {
    return this.#state;
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
    if (this.#state.type === 'ended') {
      return;
    }
    if (this.#pause.isWaiting) {
      this.#pause.cut();
    } else {
      this.#round?.abort(new Reopening(false));
    }
  }

  /** Opens it anew also where it has ended: its container runs again. */
  restart(): void {
    if (this.#state.type === 'ended') {
      this.#setState({ type: 'connecting' });
    }
    this.reopen();
  }

  dispose(): void {
    this.#stopped.abort(new DOMException('the log was closed', 'AbortError'));
    this.#timer?.dispose();
    this.#owned.dispose();
  }

  /** Never rejects. */
  async #run(): Promise<void> {
    const { clock, stream, previous = false } = this.#options;
    const { signal } = this.#stopped;
    let isChecking = false;
    while (!signal.aborted) {
      const before = stream.store.next;
      const round = new ChildAbort(signal);
      this.#round = round;
      try {
        await this.#follow(round);
        this.#timer?.dispose();
        round.signal.throwIfAborted();
        if (!this.#isReadFirst) {
          this.#isReadFirst = true;
          continue;
        }
        if (previous || (isChecking && stream.store.next === before)) {
          stream.closeLine();
          this.#setState({ type: 'ended' });
          isChecking = false;
          await this.#pause.wait(undefined, signal);
          continue;
        }
        // A server that goes down ends its streams as cleanly as a container that stopped: only asking again tells.
        isChecking = true;
        await delay(clock, CHECK_FOR_MORE_MS, round.signal);
      } catch (error) {
        this.#timer?.dispose();
        // What a transport makes of being aborted is its own affair.
        const cause: unknown = round.signal.aborted ? round.signal.reason : error;
        if (signal.aborted) {
          return;
        }
        if (!(cause instanceof Reopening)) {
          await this.#pauseAfter(cause, signal);
        } else if (!cause.isQuiet) {
          this.#setState({ type: 'connecting' });
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

  /** One connection, to its clean end. */
  async #follow(round: ChildAbort): Promise<void> {
    const { clock, stream, turns, previous = false } = this.#options;
    const { signal } = round;
    stream.dropOpenLine();
    let resuming = stream.resume();
    const turn = await turns?.take(signal);
    const turnOver = turn && clock.schedule(TURN_MS, () => turn.dispose());
    // Opened anew unasked, it is said to be followed for as long as that takes no time.
    this.#wait(OVERLAP_MS, () => {
      this.#setState({ type: 'connecting' });
      this.#reopenWhenSilent(round);
    });
    let body: AsyncIterable<Uint8Array>;
    try {
      const request = { ...this.#request(resuming), follow: !previous && this.#isReadFirst };
      body = await openPodLog(this.#options.fetch, request, signal);
    } finally {
      turnOver?.dispose();
      turn?.dispose();
    }
    signal.throwIfAborted();
    this.#setState({ type: 'following' });
    const acceptedMs = clock.monotonic();
    const restarted = async (): Promise<void> => {
      if (await this.#readRunBefore(signal)) {
        resuming = undefined;
        this.#markRestart();
      }
    };
    // What a timer has decided; the reader below waits until it is done.
    let settling: Promise<void> | undefined;
    const settle = (): void => {
      const current = resuming;
      if (current === undefined) {
        return;
      }
      if (current.log.hasCome) {
        resuming = undefined;
        settling = this.#take(current.log.settle(), signal);
      } else {
        settling = restarted();
      }
      // Told where it is awaited.
      settling.catch(() => undefined);
      waitForMore(true);
    };
    const waitForMore = (isSettled = false): void => {
      if (resuming !== undefined && !isSettled) {
        this.#wait(OVERLAP_MS, settle);
      } else {
        this.#reopenWhenSilent(round);
      }
    };
    try {
      waitForMore();
      for await (const data of body) {
        signal.throwIfAborted();
        this.#heardMs = clock.monotonic();
        const wasResuming = resuming !== undefined;
        for (let at = 0; at < data.length; at += MAX_PIECE_BYTES) {
          await settling;
          const piece = data.subarray(at, at + MAX_PIECE_BYTES);
          if (resuming === undefined) {
            this.#append(piece);
          } else {
            const found = resuming.log.append(piece);
            if (found !== undefined) {
              resuming = undefined;
              await this.#take(found, signal);
            }
          }
          if (piece.length === MAX_PIECE_BYTES) {
            await yieldToEventLoop(clock, signal);
          }
        }
        if (wasResuming && resuming === undefined) {
          waitForMore();
        }
      }
      await settling;
      if (resuming !== undefined) {
        await this.#take(resuming.log.settle(), signal);
      }
      this.#wasRead = true;
    } finally {
      if (clock.monotonic() - acceptedMs >= HEALTHY_MS) {
        this.#backoff.reset();
        this.#wasRead = true;
      }
    }
  }

  /** Also where there was no answer yet: what is between may have forgotten the request. */
  #reopenWhenSilent(round: ChildAbort): void {
    const ms = between(this.#options.random, SILENT_MS, SILENT_MS + SILENT_JITTER_MS);
    this.#wait(ms, () => round.abort(new Reopening(true)));
  }

  /** What to ask for. */
  #request(
    resuming: { readonly sinceTime: string | undefined; readonly lines: number } | undefined,
  ): Omit<PodLogOptions, 'follow'> {
    const { target, stream, tailLines, sinceTime, previous = false } = this.#options;
    const { namespace, pod, container } = target;
    const whose = { namespace, pod, ...(container === undefined ? {} : { container }), previous };
    if (resuming !== undefined && isAtRestart(stream)) {
      // Nothing is held of the present run: all of it is new.
      return whose;
    }
    if (resuming !== undefined) {
      return resuming.sinceTime === undefined
        ? { ...whose, tailLines: resuming.lines }
        : { ...whose, sinceTime: resuming.sinceTime };
    }
    // A log that was empty is new as a whole.
    const tail = this.#wasRead || tailLines === undefined ? {} : { tailLines: Math.max(1, tailLines) };
    return { ...whose, ...tail, ...(sinceTime === undefined ? {} : { sinceTime }) };
  }

  /** What is new of a log that was taken up again. */
  async #take({ isLost, rest, firstTime }: Resumption, signal: AbortSignal): Promise<void> {
    const { stream } = this.#options;
    if (isLost) {
      const from = stream.lastTime();
      if (await this.#readRunBefore(signal)) {
        this.#markRestart();
      } else {
        const until = stream.timeText(firstTime);
        stream.mark({
          type: 'gap',
          ...(from === undefined ? {} : { from }),
          ...(until === undefined ? {} : { until }),
        });
      }
    }
    for (const piece of rest) {
      this.#append(piece);
    }
  }

  /** Where the last line held is of the container's run before this one: reads the rest of that. */
  async #readRunBefore(signal: AbortSignal): Promise<boolean> {
    const { clock, fetch, stream } = this.#options;
    const resuming = stream.resume();
    if (resuming === undefined) {
      return false;
    }
    const asking = new ChildAbort(signal);
    const deadline = clock.schedule(PREVIOUS_MS, () =>
      asking.abort(
        new ProblemError({ code: 'unreachable', detail: 'the log of the run before did not come' }),
      ),
    );
    try {
      const request = { ...this.#request(resuming), previous: true, follow: false };
      let isFound = false;
      for await (const data of await openPodLog(fetch, request, asking.signal)) {
        asking.signal.throwIfAborted();
        const found: Resumption | undefined = isFound ? undefined : resuming.log.append(data);
        if (isFound) {
          this.#append(data);
        } else if (found !== undefined) {
          isFound = !found.isLost;
          found.rest.forEach((piece) => isFound && this.#append(piece));
          if (!isFound) {
            return false;
          }
        }
      }
      const last = isFound ? undefined : resuming.log.settle();
      if (last !== undefined && !last.isLost) {
        isFound = true;
        last.rest.forEach((piece) => this.#append(piece));
      }
      stream.closeLine();
      return isFound;
    } catch (error) {
      signal.throwIfAborted();
      this.#logger.debug(`No log of the run before: ${problemFromError(error).detail}`);
      stream.dropOpenLine();
      return false;
    } finally {
      deadline.dispose();
      asking.abort(new DOMException('the run before was read', 'AbortError'));
      asking.dispose();
    }
  }

  /** Once for each run, also where another one of which nothing was read has come and gone. */
  #markRestart(): void {
    const { stream } = this.#options;
    if (!isAtRestart(stream)) {
      stream.mark({ type: 'restarted' });
    }
  }

  /** For as long as nothing comes, in place of what was waited for before. */
  #wait(ms: number, due: () => void): void {
    this.#heardMs = this.#options.clock.monotonic();
    this.#waitOn(ms, ms, due);
  }

  /** A timer is not set anew for each piece that comes: when it is due it is seen whether one did. */
  #waitOn(leftMs: number, ms: number, due: () => void): void {
    const { clock } = this.#options;
    this.#timer?.dispose();
    this.#timer = undefined;
    if (this.#stopped.signal.aborted) {
      return;
    }
    this.#timer = clock.schedule(leftMs, () => {
      const moreMs = this.#heardMs + ms - clock.monotonic();
      if (moreMs > 0) {
        this.#waitOn(moreMs, ms, due);
      } else {
        due();
      }
    });
  }

  #append(data: Uint8Array): void {
    const { stream } = this.#options;
    const before = stream.store.next;
    stream.append(data);
    if (stream.store.next > before) {
      this.#wasRead = true;
      this.#backoff.reset();
    }
  }

  #setState(state: LogState): void {
    if (state.type === this.#state.type && state.type !== 'failed') {
      return;
    }
    this.#state = state;
    this.#changed.fire();
  }
}

function isAtRestart(stream: ViewStream): boolean {
  return stream.lastMarker()?.type === 'restarted';
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
