import type { Clock } from '../base/clock';
import { DisposableStore, type Disposable } from '../base/disposable';
import type { Logger } from '../base/logger';
import { problemFromError } from '../protocol/problemFromError';
import { askToken } from './askToken';
import type { AccessToken, Credentials } from './credentials';

/** A token is renewed when this much of what is left of its life has passed. */
const SHARE_OF_LIFE = 0.8;
/** However short tokens live, however often renewing fails, and whatever changes while it is asked. */
const MIN_WAIT_MS = 1_000;

export interface TokenRenewalOptions {
  readonly clock: Clock;
  readonly credentials: Credentials;
  /** Told where renewing failed; it is tried again while the old token lasts. */
  readonly logger: Logger;
  /** Another token than the one before. */
  readonly onRenewed: (token: string) => void;
  /** There is no token any more: somebody signed out. */
  readonly onGone: () => void;
}

/**
 * Keeps the token of an open connection fresh: renews it before it expires, where that is known, and when the credentials
 * change. Once a token that could not be renewed has expired it is left to the server to say so.
 */
export class TokenRenewal implements Disposable {
  readonly #options: TokenRenewalOptions;
  readonly #owned = new DisposableStore();
  readonly #timer = this.#owned.add(new DisposableStore());
  readonly #abort = new AbortController();
  #current: AccessToken;
  #isAsking = false;
  #isAskedAgain = false;
  /** The last answer was followed by another question at once. */
  #hasFollowed = false;

  constructor(current: AccessToken, options: TokenRenewalOptions) {
    this.#current = current;
    this.#options = options;
    this.#owned.add(options.credentials.onChanged(() => this.#renew()));
    this.#plan();
  }

  dispose(): void {
    this.#abort.abort();
    this.#owned.dispose();
  }

  #plan(): void {
    this.#timer.clear();
    const { clock } = this.#options;
    const leftMs = (this.#current.expiresAt ?? Number.POSITIVE_INFINITY) - clock.now();
    if (leftMs > 0 && Number.isFinite(leftMs)) {
      const waitMs = Math.max(MIN_WAIT_MS, leftMs * SHARE_OF_LIFE);
      this.#timer.add(clock.schedule(waitMs, () => this.#renew()));
    }
  }

  #renew(): void {
    if (this.#isAsking) {
      this.#isAskedAgain = true;
      return;
    }
    this.#isAsking = true;
    this.#isAskedAgain = false;
    this.#timer.clear();
    void this.#ask();
  }

  async #ask(): Promise<void> {
    const { credentials, clock, logger, onRenewed, onGone } = this.#options;
    try {
      const renewed = await askToken(credentials, clock, this.#abort.signal);
      if (this.#owned.isDisposed) {
        return;
      }
      if (renewed === undefined) {
        onGone();
      } else {
        const isOther = renewed.token !== this.#current.token;
        this.#current = renewed;
        if (isOther) {
          onRenewed(renewed.token);
        }
      }
    } catch (error) {
      if (!this.#owned.isDisposed) {
        logger.warn(`The token of a hub could not be renewed: ${problemFromError(error).detail}`);
      }
    }
    this.#isAsking = false;
    if (this.#owned.isDisposed) {
      return;
    }
    if (!this.#isAskedAgain) {
      this.#hasFollowed = false;
      this.#plan();
    } else if (this.#hasFollowed) {
      // Asking may itself be what changes the credentials.
      this.#timer.clear();
      this.#timer.add(clock.schedule(MIN_WAIT_MS, () => this.#renew()));
    } else {
      this.#hasFollowed = true;
      this.#renew();
    }
  }
}
