import type { Event } from '../base/emitter';

/** A bearer token, and until when it is good in wall milliseconds, where that is known. */
export interface AccessToken {
  readonly token: string;
  readonly expiresAt?: number;
}

/** Where a connection has its token from. It is asked anew for every connection and every renewal. */
export interface Credentials {
  /**
   * The token to show now, renewed where it was about to expire; undefined where there is none. Rejects with a
   * `ProblemError`, or with the signal's reason.
   */
  token(signal: AbortSignal): Promise<AccessToken | undefined>;
  /** Another token can be had than before: somebody signed in or out. */
  readonly onChanged: Event<void>;
}
