import type { Clock } from '../base/clock';
import { DisposableStore } from '../base/disposable';
import type { Source } from './source';

export interface ProveSourcesOptions {
  /** Those that are connected, or will be by `begin`. */
  readonly sources: readonly Source[];
  /** Has them prove themselves; called once everything they tell is heard. */
  readonly begin: () => Promise<void> | void;
  readonly clock: Clock;
  /** Longest wait, in milliseconds. */
  readonly limitMs: number;
  /** Aborted when it is no longer waited for; the sources go on all the same. */
  readonly signal: AbortSignal;
  /** Told before the first is through with it, without one, and then with each that is. */
  readonly onProgress: (progress: ProofProgress, last?: Source) => void;
}

/** How many of the sources were proven current, and of how many it is known that they are not. */
export interface ProofProgress {
  readonly proven: number;
  /** The attempt failed, or it was disconnected meanwhile. */
  readonly failed: number;
  readonly total: number;
}

/**
 * Waits until each source is proven current, or failed, or the limit has passed; with how it went. A fault that is mended in
 * a moment is no failure: the source is waited for. Rejects when `begin` does, and with the signal's reason.
 */
export async function proveSources(options: ProveSourcesOptions): Promise<ProofProgress> {
  const { begin, clock, limitMs, signal, onProgress } = options;
  signal.throwIfAborted();
  const owned = new DisposableStore();
  const over = Promise.withResolvers<void>();
  const waitedFor = new Set(options.sources);
  const total = waitedFor.size;
  let failed = 0;
  let hasBegun = false;
  const progress = (): ProofProgress => ({ proven: total - failed - waitedFor.size, failed, total });
  const settle = (source: Source, isProven: boolean): void => {
    if (waitedFor.delete(source)) {
      failed += isProven ? 0 : 1;
      onProgress(progress(), source);
      if (waitedFor.size === 0) {
        over.resolve();
      }
    }
  };
  const follow = (source: Source): void => {
    owned.add(source.onProof(() => settle(source, true)));
    owned.add(
      source.onAttemptFailed(() => {
        const { type } = source.status().state;
        if (type !== 'live' && type !== 'stale') {
          settle(source, false);
        }
      }),
    );
    owned.add(
      source.onStateChanged(({ type }) => {
        if (type === 'live') {
          settle(source, true);
        } else if (type === 'idle' && hasBegun) {
          settle(source, false);
        }
      }),
    );
  };
  const onAbort = (): void => over.reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  owned.add({ dispose: () => signal.removeEventListener('abort', onAbort) });
  // What it ends with is awaited below, maybe after it ended.
  over.promise.catch(() => undefined);
  try {
    for (const source of waitedFor) {
      follow(source);
    }
    owned.add(clock.schedule(limitMs, () => over.resolve()));
    onProgress(progress());
    await begin();
    hasBegun = true;
    // To begin anew a source is disconnected first; one that still is has left.
    for (const source of [...waitedFor].filter(({ isConnected }) => !isConnected)) {
      settle(source, false);
    }
    if (waitedFor.size === 0) {
      over.resolve();
    }
    await over.promise;
    return progress();
  } finally {
    owned.dispose();
  }
}
