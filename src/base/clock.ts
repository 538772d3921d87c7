import { toDisposable, type Disposable } from './disposable';

/** The only source of time: injected everywhere, so that tests neither sleep nor flake. */
export interface Clock {
  /** Wall time in milliseconds since the Unix epoch. It may jump (sleep, clock correction). */
  now(): number;
  /** Milliseconds from an arbitrary origin; never goes back. Whether it counts sleep depends on the platform. */
  monotonic(): number;
  /** Calls back once after `delayMs`, unless disposed before. */
  schedule(delayMs: number, callback: () => void): Disposable;
}

/** Timers that would overflow 32 bits fire at once on every platform; longer waits are cut to this (24.8 days). */
const MAX_DELAY_MS = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  schedule(delayMs, callback) {
    const handle = setTimeout(callback, Math.min(Math.max(0, delayMs), MAX_DELAY_MS));
    return toDisposable(() => clearTimeout(handle));
  },
};

/** Resolves after `delayMs`; rejects with the signal's reason as soon as it is aborted. */
export function delay(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(signal.reason);
      return;
    }
    const onAbort = (): void => {
      timer.dispose();
      reject(signal?.reason);
    };
    const timer = clock.schedule(delayMs, () => {
      timer.dispose();
      signal?.removeEventListener('abort', onAbort);
      resolve();
    });
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}

/** Lets other work of the event loop run; used between the slices of a long task. */
export function yieldToEventLoop(clock: Clock, signal?: AbortSignal): Promise<void> {
  return delay(clock, 0, signal);
}
