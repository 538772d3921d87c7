import { Backoff } from '../base/backoff';
import type { Random } from '../base/random';

/** How eagerly a connection is kept; all in milliseconds but what is counted. Each is asked anew whenever it is needed. */
export interface ConnectionSettings {
  /** The first wait after a failure is anything up to this, each further one up to twice as much. */
  readonly initialBackoffMs: number;
  readonly maxBackoffMs: number;
  /** A connection that lasted this long was a good one: the next wait is a first one. */
  readonly stableMs: number;
  /** How often everything is asked again where no route tells changes. */
  readonly pollMs: number;
  /** How often a better route is tried while a worse one works. */
  readonly upgradeMs: number;
  /** Attempts in a row that look as if the best route were blocked, until a worse one is tried. */
  readonly fallbackAfter: number;
  /** Heartbeats of a hub that may be missed before its connection counts as dead. */
  readonly missedHeartbeats: number;
  /** When it is tried again after a refusal, at most; absent where somebody looks who can change what it was for. */
  readonly retryRefusedMs?: number;
}

export const DEFAULT_CONNECTION_SETTINGS: ConnectionSettings = {
  initialBackoffMs: 5_000,
  maxBackoffMs: 30_000,
  stableMs: 10_000,
  pollMs: 30_000,
  upgradeMs: 300_000,
  fallbackAfter: 2,
  missedHeartbeats: 2,
};

/** The waits between attempts, by the settings as they are at each of them. */
export function connectionBackoff(
  settings: Pick<ConnectionSettings, 'initialBackoffMs' | 'maxBackoffMs'>,
  random: Random,
): Backoff {
  return new Backoff(
    {
      get initialMs() {
        return settings.initialBackoffMs;
      },
      get maxMs() {
        return settings.maxBackoffMs;
      },
      factor: 2,
    },
    random,
  );
}
