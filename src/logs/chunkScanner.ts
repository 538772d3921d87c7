import { yieldToEventLoop, type Clock } from '../base/clock';
import type { Disposable } from '../base/disposable';
import { unsharedBytes, type AllocateBytes } from './allocateBytes';
import { findMarks } from './findMarks';
import { TextScanner, type LogPattern, type PatternSet, type ScanRange } from './scanText';

/** A pattern took so long on some lines that it is given up. */
export class ScanTooSlowError extends Error {
  readonly code = 'scanTooSlow';

  constructor() {
    super('the regular expression takes too long');
    this.name = 'ScanTooSlowError';
  }
}

/** By name: bundles that are loaded apart each have a class of their own. */
export function isScanTooSlow(error: unknown): boolean {
  return error instanceof Error && error.name === 'ScanTooSlowError';
}

/** Longest time that a pattern may take on one chunk (256 KiB, or one longer line): thousands of times what most take. */
export const SLOWEST_SCAN_MS = 1_000;

/** Tries patterns on lines: a port, since only another thread can be stopped in the middle of a regular expression. */
export interface ChunkScanner extends Disposable {
  /** How the bytes have to be held that it is to scan. */
  readonly allocate: AllocateBytes;
  /**
   * The numbers of the lines that match, within their chunk and in order. Scans are done in the order in which they were asked
   * for. Rejects with {@link ScanTooSlowError}; of the same set of patterns later scans do so, too. `patterns` are valid, and the
   * same object for the same patterns.
   */
  scan(patterns: PatternSet, range: ScanRange): Promise<Uint32Array>;
  /** Where a pattern is found in some texts (see {@link findMarks}). Rejects as `scan` does; `pattern` is the same object for the same one. */
  marks(pattern: LogPattern, texts: readonly string[]): Promise<number[][]>;
}

/**
 * Scans on the thread of whoever asks, a chunk a turn. A pattern that takes very long holds everybody up, since nothing can stop it;
 * but it does so once.
 */
export class InThreadScanner implements ChunkScanner {
  readonly allocate = unsharedBytes;
  readonly #clock: Clock;
  readonly #scanners = new WeakMap<PatternSet, TextScanner>();
  readonly #tooSlow = new WeakSet<PatternSet | LogPattern>();
  readonly #stopped = new AbortController();
  #turn: Promise<unknown> = Promise.resolve();
  #queued = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  scan(patterns: PatternSet, range: ScanRange): Promise<Uint32Array> {
    return this.#inTurn(patterns, () => {
      const scanner = this.#scanners.get(patterns) ?? new TextScanner(patterns);
      this.#scanners.set(patterns, scanner);
      return scanner.scan(range);
    });
  }

  marks(pattern: LogPattern, texts: readonly string[]): Promise<number[][]> {
    return this.#inTurn(pattern, () => findMarks(pattern, texts));
  }

  #inTurn<T>(patterns: PatternSet | LogPattern, work: () => T): Promise<T> {
    const isAlone = this.#queued === 0;
    this.#queued += 1;
    const scanned = this.#turn
      .then(() => (isAlone ? undefined : yieldToEventLoop(this.#clock, this.#stopped.signal)))
      .then(() => this.#timed(patterns, work))
      .finally(() => (this.#queued -= 1));
    this.#turn = scanned.catch(() => undefined);
    return scanned;
  }

  dispose(): void {
    this.#stopped.abort(new DOMException('the scanner was disposed', 'AbortError'));
  }

  #timed<T>(patterns: PatternSet | LogPattern, work: () => T): T {
    if (this.#tooSlow.has(patterns)) {
      throw new ScanTooSlowError();
    }
    const startMs = this.#clock.monotonic();
    const result = work();
    if (this.#clock.monotonic() - startMs > SLOWEST_SCAN_MS) {
      this.#tooSlow.add(patterns);
    }
    return result;
  }
}
