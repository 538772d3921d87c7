import { setTimeout as delay } from 'node:timers/promises';

export interface UntilOptions {
  readonly deadlineMs: number;
  readonly pollMs?: number;
  /** Polled too: a text here ends the waiting at once, as a failure that says so. */
  readonly failure?: () => string | undefined;
}

/**
 * Polls `probe` until it answers anything but `undefined` or `false`, and resolves to that.
 * A probe that throws counts as "not yet"; what it threw is the cause of the final error.
 */
export async function until<T>(
  what: string,
  probe: () => Promise<T | undefined | false> | T | undefined | false,
  options: UntilOptions,
): Promise<T> {
  const endMs = performance.now() + options.deadlineMs;
  let cause: unknown;
  while (performance.now() < endMs) {
    const failure = options.failure?.();
    if (failure !== undefined) {
      throw new Error(`${what}: ${failure}`);
    }
    try {
      const answer = await probe();
      if (answer !== undefined && answer !== false) {
        return answer;
      }
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    await delay(options.pollMs ?? 50);
  }
  const why = cause instanceof Error ? ` (${cause.message})` : '';
  throw new Error(`${what}: not so after ${options.deadlineMs} ms${why}`, { cause });
}
