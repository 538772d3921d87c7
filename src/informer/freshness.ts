import type { Clock } from '../base/clock';
import type { Disposable } from '../base/disposable';
import type { ProofOfLife } from '../protocol/sourceState';
import { ChildAbort } from './childAbort';
import { compareResourceVersions } from './resourceVersion';
import { RolledBackError } from './fault';
import { millisecondsSince, presentInstant, type Instant } from '../base/instant';
import { KubeStatusError } from './kubeStatusError';

export interface FreshnessHost {
  /** The ResourceVersion that the watch has reached. */
  readonly watchVersion: () => string | undefined;
  /** Asks the server for the collection's newest ResourceVersion. */
  readonly probe: (signal: AbortSignal) => Promise<string>;
  /** The data was true at this wall time. */
  readonly onProof: (wallMs: number, proof: ProofOfLife) => void;
  /** There was no proof for longer than may pass unmentioned. */
  readonly onStale: () => void;
  /** The probe found the connection, the permission or the watch broken. */
  readonly onFault: (error: unknown) => void;
}

/** The server has moved on and the watch says nothing: opened again where it was, it has to tell what it kept back. */
export class ReopenWatch extends Error {
  readonly code = 'reopenWatch';

  constructor() {
    super('the watch is behind the server');
    this.name = 'ReopenWatch';
  }
}

/** Silence after which a probe is sent, and after which the data counts as stale, in milliseconds. */
const VISIBLE = { probeMs: 15_000, staleMs: 20_000 };
const HIDDEN = { probeMs: 85_000, staleMs: 90_000 };
/** A visible source looks at the clock this often: after sleep it must not claim to be live for longer. */
const VISIBLE_TICK_MS = 5_000;
/** After a probe that proved nothing. */
const REPEAT_MS = 5_000;
/**
 * What a server has for a new watch follows its headers at once. Half a second or so is what caches of servers that stand
 * beside each other lag behind one another.
 */
const FIRST_EVENTS_MS = 750;
/** A watch that is being opened again is given as long as a probe before another one is tried. */
const REOPEN_MS = 10_000;

/**
 * Knows when the data was last proven true and seeks proof where none comes by itself: an open connection is none, for
 * the other end may have vanished without a word. Time without proof is the larger of wall and monotonic time, so that
 * sleep counts whether or not the platform's timers slept too.
 *
 * A probe answers with the revision of the whole storage, which every write of whatever resource advances. Not ahead of
 * the watch, it proves the data as of when it was sent. Ahead, as it nearly always is on a busy cluster, it proves the server alone: the watch may
 * be dead and an event missing. The watch is then opened again at its own ResourceVersion, which costs little and shows
 * nowhere, and what it does not tell within 750 ms after its headers did not happen: the data was true when it opened.
 * The probe is needed beside it, since a watch from a version that the server has not reached is as quiet.
 */
export class Freshness implements Disposable {
  readonly #clock: Clock;
  readonly #host: FreshnessHost;
  #run: ChildAbort | undefined;
  #timer: Disposable | undefined;
  #isVisible = false;
  #isProbing = false;
  #proven: Instant = { wallMs: 0, monotonicMs: 0 };
  #notBeforeMs = 0;
  /** When the probe was sent that found the server ahead; undefined once something was proven. */
  #aheadSinceMs: number | undefined;
  /** When the watch that is open was. */
  #opened: Instant | undefined;
  #reopeningSinceMs: number | undefined;
  #demandedByMs: number | undefined;
  /** Whether sockets were given a turn since the watch that is open has had its time. */
  #hasGivenTurn = false;
  /** The silence has been told, and nothing was proven or opened since. */
  #isStaleTold = false;

  constructor(clock: Clock, host: FreshnessHost) {
    this.#clock = clock;
    this.#host = host;
  }

  /** Begins to seek proof, from the last that there was. Idempotent. */
  start(signal: AbortSignal, options: { readonly probeAtOnce: boolean }): void {
    if (this.#run === undefined) {
      this.#run = new ChildAbort(signal);
      this.#notBeforeMs = 0;
      this.#aheadSinceMs = undefined;
      this.#demandedByMs = undefined;
      this.#isStaleTold = false;
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
    this.#aheadSinceMs = undefined;
    this.#reopeningSinceMs = undefined;
    this.#timer?.dispose();
    this.#timer = undefined;
    run?.abort(new Error('no proof is needed any more'));
    run?.dispose();
  }

  get isRunning(): boolean {
    return this.#run !== undefined;
  }

  /** There was no proof for longer than may pass unmentioned. */
  get isOverdue(): boolean {
    return this.#silenceMs() >= this.#limits.staleMs;
  }

  dispose(): void {
    this.stop();
  }

  setVisible(isVisible: boolean): void {
    this.#isVisible = isVisible;
    this.#arm();
  }

  watchSpoke(proof: 'event' | 'bookmark'): void {
    this.#prove(this.#now(), proof);
  }

  /** The data was listed anew, and true at that moment. */
  listed(asOf: Instant): void {
    this.#mark(asOf);
    this.#arm();
  }

  /** The data is doubtful: unless it is proven within `graceMs` it counts as stale. */
  demandProof(graceMs: number): void {
    this.#demandedByMs ??= this.#clock.monotonic() + graceMs;
    this.#arm();
  }

  /** A new watch is open. */
  watchOpened(): void {
    this.#opened = this.#now();
    this.#hasGivenTurn = false;
    this.#reopeningSinceMs = undefined;
    this.#isStaleTold = false;
    this.#arm();
  }

  /** The watch is over; its silence says nothing any more. */
  watchEnded(): void {
    this.#opened = undefined;
    this.#arm();
  }

  probeNow(): void {
    if (this.#run !== undefined) {
      void this.#probe(this.#run);
      this.#arm();
    }
  }

  #now(): Instant {
    return presentInstant(this.#clock);
  }

  #prove(at: Instant, proof: ProofOfLife): void {
    this.#mark(at);
    this.#host.onProof(at.wallMs, proof);
  }

  #mark(at: Instant): void {
    this.#proven = at;
    this.#aheadSinceMs = undefined;
    this.#demandedByMs = undefined;
    this.#isStaleTold = false;
  }

  #silenceMs(since = this.#proven): number {
    return millisecondsSince(since, this.#clock);
  }

  /** When a watch that opened after the server was found ahead will have told what was kept back; undefined without one. */
  get #firstEventsByMs(): number | undefined {
    const opened = this.#opened;
    return opened !== undefined &&
      this.#aheadSinceMs !== undefined &&
      opened.monotonicMs >= this.#aheadSinceMs
      ? opened.monotonicMs + FIRST_EVENTS_MS
      : undefined;
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
    // Also where the limit has passed without a tick: the wall clock jumped, or somebody began to look.
    if (!this.#isStaleTold) {
      waits.push(staleMs - silenceMs);
    }
    for (const dueMs of [this.#demandedByMs, this.#firstEventsByMs]) {
      if (dueMs !== undefined) {
        waits.push(dueMs - this.#clock.monotonic());
      }
    }
    if (waits.length > 0) {
      // Whole milliseconds: a timer that comes a rounding error too early would find nothing to do, again and again.
      const waitMs = Math.max(0, Math.ceil(Math.min(...waits)));
      this.#timer = this.#clock.schedule(waitMs, () => this.#tick(run));
    }
  }

  #tick(run: ChildAbort): void {
    this.#takeFirstEvents();
    const silenceMs = this.#silenceMs();
    const { probeMs, staleMs } = this.#limits;
    const isOverdue = this.#demandedByMs !== undefined && this.#clock.monotonic() >= this.#demandedByMs;
    if (isOverdue) {
      this.#demandedByMs = undefined;
    }
    const isStale = silenceMs >= staleMs;
    this.#isStaleTold ||= isStale;
    if (isStale || isOverdue) {
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

  /**
   * Proves the data by a watch that has had its time. Timers come before what sockets have received: one more turn, lest
   * what was told while the process was held up is taken for silence.
   */
  #takeFirstEvents(): void {
    const dueMs = this.#firstEventsByMs;
    const opened = this.#opened;
    if (opened === undefined || dueMs === undefined || this.#clock.monotonic() < dueMs) {
      return;
    }
    if (!this.#hasGivenTurn) {
      this.#hasGivenTurn = true;
    } else if (this.#silenceMs(opened) < this.#limits.staleMs) {
      this.#prove(opened, 'watch');
    } else {
      // It waited through a sleep, and is too old to prove anything: another probe has to begin anew.
      this.#aheadSinceMs = undefined;
    }
  }

  async #probe(run: ChildAbort): Promise<void> {
    if (this.#isProbing || run.signal.aborted) {
      return;
    }
    this.#isProbing = true;
    const sentAtVersion = this.#host.watchVersion();
    const sent = this.#now();
    try {
      const version = await this.#host.probe(run.signal);
      if (this.#run === run) {
        this.#judge(version, sentAtVersion, sent);
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

  #judge(version: string, sentAtVersion: string | undefined, sent: Instant): void {
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
    if ((compareResourceVersions(version, reached) ?? 1) <= 0) {
      // Something else may have proven it since; and an answer that waited through a sleep is too old to prove anything.
      const at = sent.monotonicMs >= this.#proven.monotonicMs ? sent : this.#proven;
      if (this.#silenceMs(at) < this.#limits.staleMs) {
        this.#prove(at, 'probe');
      }
      return;
    }
    this.#aheadSinceMs = sent.monotonicMs;
    this.#notBeforeMs = this.#clock.monotonic() + REPEAT_MS;
    if (this.#firstEventsByMs === undefined) {
      this.#reopen();
    }
  }

  #reopen(): void {
    const nowMs = this.#clock.monotonic();
    if (this.#reopeningSinceMs === undefined || nowMs - this.#reopeningSinceMs >= REOPEN_MS) {
      this.#reopeningSinceMs = nowMs;
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
