import type { Clock } from '../base/clock';
import type { Disposable } from '../base/disposable';
import { ChildAbort } from './childAbort';
import { compareResourceVersions } from './resourceVersion';
import { RolledBackError } from './fault';
import { KubeStatusError } from './kubeStatusError';

export interface FreshnessHost {
  /** The ResourceVersion that the watch has reached. */
  readonly watchVersion: () => string | undefined;
  /** Asks the server for the collection's newest ResourceVersion. */
  readonly probe: (signal: AbortSignal) => Promise<string>;
  /** The data was true just now. */
  readonly onProof: () => void;
  /** There was no proof for longer than may pass unmentioned. */
  readonly onStale: () => void;
  /** The probe found the connection, the permission or the watch broken. */
  readonly onFault: (error: unknown) => void;
}

/** The watch says nothing although the server has moved on: it is opened again where it was. */
export class ReopenWatch extends Error {
  readonly code = 'reopenWatch';

  constructor() {
    super('the watch stays behind the server');
    this.name = 'ReopenWatch';
  }
}

/** Silence after which a probe is sent, and after which the data counts as stale, in milliseconds. */
const VISIBLE = { probeMs: 15_000, staleMs: 20_000 };
const HIDDEN = { probeMs: 85_000, staleMs: 90_000 };
/** A visible source looks at the clock this often: after sleep it must not claim to be live for longer. */
const VISIBLE_TICK_MS = 5_000;
/** After a probe that said nothing (429, 5xx). */
const REPEAT_MS = 5_000;
/** Bookmarks come about every 60 s where they come at all; a watch may be that far behind, and no more. */
const MAX_BEHIND_MS = 75_000;

/**
 * Knows when the data was last proven true and seeks proof where none comes by itself: an open connection is none, for
 * the other end may have vanished without a word. Time without proof is the larger of wall and monotonic time, so that
 * sleep counts whether or not the platform's timers slept too.
 */
export class Freshness implements Disposable {
  readonly #clock: Clock;
  readonly #host: FreshnessHost;
  #run: ChildAbort | undefined;
  #timer: Disposable | undefined;
  #isVisible = false;
  #isProbing = false;
  #provenWallMs = 0;
  #provenMonotonicMs = 0;
  #notBeforeMs = 0;
  #behindSinceMs: number | undefined;
  #demandedByMs: number | undefined;

  constructor(clock: Clock, host: FreshnessHost) {
    this.#clock = clock;
    this.#host = host;
  }

  /** Begins to seek proof; the present moment counts as proven unless a probe is asked for. Idempotent. */
  start(signal: AbortSignal, options: { readonly probeAtOnce: boolean }): void {
    if (this.#run === undefined) {
      this.#run = new ChildAbort(signal);
      this.#behindSinceMs = undefined;
      this.#notBeforeMs = 0;
      this.#mark();
    }
    if (options.probeAtOnce) {
      void this.#probe(this.#run);
    }
    this.#arm();
  }

  /** Seeks no more, and gives up the probe under way. */
  stop(): void {
    const run = this.#run;
    this.#run = undefined;
    this.#isProbing = false;
    this.#timer?.dispose();
    this.#timer = undefined;
    run?.abort(new Error('no proof is needed any more'));
    run?.dispose();
  }

  get isRunning(): boolean {
    return this.#run !== undefined;
  }

  dispose(): void {
    this.stop();
  }

  setVisible(isVisible: boolean): void {
    this.#isVisible = isVisible;
    this.#arm();
  }

  /** The watch spoke: an event or a bookmark. */
  watchSpoke(): void {
    this.#behindSinceMs = undefined;
    this.#mark();
    this.#host.onProof();
  }

  /** The data was listed anew. */
  listed(): void {
    this.#behindSinceMs = undefined;
    this.#mark();
  }

  /** The data is doubtful: unless it is proven within `graceMs` it counts as stale. */
  demandProof(graceMs: number): void {
    this.#demandedByMs ??= this.#clock.monotonic() + graceMs;
    this.#arm();
  }

  /** A new watch is open; whether it keeps up is judged from now on. */
  watchOpened(): void {
    this.#behindSinceMs = undefined;
  }

  probeNow(): void {
    if (this.#run !== undefined) {
      void this.#probe(this.#run);
      this.#arm();
    }
  }

  #mark(): void {
    this.#provenWallMs = this.#clock.now();
    this.#provenMonotonicMs = this.#clock.monotonic();
    this.#demandedByMs = undefined;
  }

  #silenceMs(): number {
    return Math.max(
      this.#clock.now() - this.#provenWallMs,
      this.#clock.monotonic() - this.#provenMonotonicMs,
    );
  }

  get #limits(): { readonly probeMs: number; readonly staleMs: number } {
    return this.#isVisible ? VISIBLE : HIDDEN;
  }

  #arm(): void {
    this.#timer?.dispose();
    this.#timer = undefined;
    const run = this.#run;
    if (run === undefined) {
      return;
    }
    const silenceMs = this.#silenceMs();
    const { probeMs, staleMs } = this.#limits;
    const waits: number[] = this.#isVisible ? [VISIBLE_TICK_MS] : [];
    if (!this.#isProbing) {
      waits.push(Math.max(probeMs - silenceMs, this.#notBeforeMs - this.#clock.monotonic()));
    }
    if (silenceMs < staleMs) {
      waits.push(staleMs - silenceMs);
    }
    if (this.#demandedByMs !== undefined) {
      waits.push(this.#demandedByMs - this.#clock.monotonic());
    }
    if (waits.length > 0) {
      // Whole milliseconds: a timer that comes a rounding error too early would find nothing to do, again and again.
      const waitMs = Math.max(0, Math.ceil(Math.min(...waits)));
      this.#timer = this.#clock.schedule(waitMs, () => this.#tick(run));
    }
  }

  #tick(run: ChildAbort): void {
    const silenceMs = this.#silenceMs();
    const { probeMs, staleMs } = this.#limits;
    const isOverdue = this.#demandedByMs !== undefined && this.#clock.monotonic() >= this.#demandedByMs;
    if (isOverdue) {
      this.#demandedByMs = undefined;
    }
    if (silenceMs >= staleMs || isOverdue) {
      this.#host.onStale();
    }
    if (this.#run !== run) {
      return;
    }
    if (silenceMs >= probeMs && this.#clock.monotonic() >= this.#notBeforeMs) {
      void this.#probe(run);
    }
    this.#arm();
  }

  async #probe(run: ChildAbort): Promise<void> {
    if (this.#isProbing || run.signal.aborted) {
      return;
    }
    this.#isProbing = true;
    const sentAtVersion = this.#host.watchVersion();
    try {
      const version = await this.#host.probe(run.signal);
      if (this.#run === run) {
        this.#judge(version, sentAtVersion);
      }
    } catch (error) {
      if (this.#run === run) {
        this.#notBeforeMs = this.#clock.monotonic() + REPEAT_MS;
        if (!saysNothing(error)) {
          this.#host.onFault(error);
        }
      }
    } finally {
      if (this.#run === run) {
        this.#isProbing = false;
        this.#arm();
      }
    }
  }

  #judge(version: string, sentAtVersion: string | undefined): void {
    if (sentAtVersion !== undefined && (compareResourceVersions(version, sentAtVersion) ?? 0) < 0) {
      this.#host.onFault(new RolledBackError());
      return;
    }
    const reached = this.#host.watchVersion();
    if (reached === undefined) {
      // What is held is about to be listed anew: that the server lives proves nothing about it.
      this.#notBeforeMs = this.#clock.monotonic() + REPEAT_MS;
      return;
    }
    this.#mark();
    this.#host.onProof();
    if ((compareResourceVersions(version, reached) ?? 1) <= 0) {
      this.#behindSinceMs = undefined;
      return;
    }
    const nowMs = this.#clock.monotonic();
    this.#behindSinceMs ??= nowMs;
    if (nowMs - this.#behindSinceMs >= MAX_BEHIND_MS) {
      this.#behindSinceMs = undefined;
      this.#host.onFault(new ReopenWatch());
    }
  }
}

/** A server that is busy or unwell for the moment answers, and proves nothing about the watch. */
function saysNothing(error: unknown): boolean {
  return (
    error instanceof KubeStatusError &&
    (error.problem.code === 'throttled' || error.problem.code === 'serverError')
  );
}
