import type { Clock } from '../../base/clock';
import { DisposableStore, type Disposable } from '../../base/disposable';
import type { Logger } from '../../base/logger';
import { between, type Random } from '../../base/random';
import type { Identity } from '../../kube/identity';
import { CLOSE_CODES } from '../../protocol/closeCodes';
import type { Checked } from '../../transport/node/credential';
import { turnedAway, UNKNOWN_TOKEN, type Admitted, type TokenAdmission } from './admission';
import { atWallTime } from './atWallTime';
import { CredentialEnding } from './credentialEnding';
import { identityKey } from './identityKey';
import { GRACE_MS } from './reviewedGuest';
import { reviewProblem } from './reviewProblem';
import { tokenExpiry } from './tokenExpiry';
import type { TokenReviews } from './tokenReviews';

export interface ReviewedTokensOptions {
  readonly reviews: TokenReviews;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** How often the token of somebody who is connected is looked at again, in milliseconds. */
  readonly recheckMs: number;
}

/** Takes the tokens that a cluster takes. */
export class ReviewedTokens implements TokenAdmission {
  readonly #options: ReviewedTokensOptions;

  constructor(options: ReviewedTokensOptions) {
    this.#options = options;
  }

  async ofToken(token: string): Promise<Checked<Admitted>> {
    try {
      const identity = await this.#options.reviews.review(token);
      if (identity === undefined) {
        return UNKNOWN_TOKEN;
      }
      const expiresAt = tokenExpiry(token);
      // What was found to be good a moment ago may have ended since; API servers allow for clocks that differ, too.
      return expiresAt !== undefined && expiresAt <= this.#options.clock.now()
        ? turnedAway(CLOSE_CODES.unauthorised, EXPIRED)
        : { ok: true, credential: new ReviewedToken({ token, identity, expiresAt }, this.#options) };
    } catch (error) {
      return turnedAway(CLOSE_CODES.unavailable, reviewProblem(error).detail);
    }
  }
}

const EXPIRED = 'the token has expired';

interface GoodToken {
  readonly token: string;
  readonly identity: Identity;
  /** In wall milliseconds, where it says so. */
  readonly expiresAt: number | undefined;
}

/** A token in use. It is kept for as long as somebody is connected by it, since it has to be looked at again. */
class ReviewedToken implements Admitted {
  readonly identity: Identity;
  readonly #token: string;
  readonly #options: ReviewedTokensOptions;
  readonly #owned = new DisposableStore();
  readonly #ending: CredentialEnding;
  #timer: Disposable | undefined;
  #goodAtMs: number;

  constructor({ token, identity, expiresAt }: GoodToken, options: ReviewedTokensOptions) {
    this.identity = identity;
    this.#token = token;
    this.#options = options;
    const { clock, logger } = options;
    this.#goodAtMs = clock.monotonic();
    this.#ending = this.#owned.add(new CredentialEnding(logger));
    if (expiresAt !== undefined) {
      this.#owned.add(atWallTime(clock, expiresAt, () => this.#end(EXPIRED)));
    }
    this.#owned.add({ dispose: () => this.#timer?.dispose() });
    this.#lookLater();
  }

  get onEnded() {
    return this.#ending.onEnded;
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #lookLater(): void {
    const { clock, random, recheckMs } = this.#options;
    this.#timer = clock.schedule(between(random, 0.9, 1) * recheckMs, () => {
      this.#timer?.dispose();
      void this.#look();
    });
  }

  async #look(): Promise<void> {
    const { reviews, clock } = this.#options;
    let identity;
    try {
      identity = await reviews.review(this.#token);
    } catch (error) {
      if (clock.monotonic() - this.#goodAtMs > GRACE_MS) {
        this.#end(reviewProblem(error).detail, CLOSE_CODES.unavailable);
      } else if (!this.#owned.isDisposed) {
        this.#lookLater();
      }
      return;
    }
    if (identity === undefined) {
      this.#end('the token is no longer good');
    } else if (identityKey(identity) !== identityKey(this.identity)) {
      this.#end('the token stands for other groups now: connect anew');
    } else if (!this.#owned.isDisposed) {
      this.#goodAtMs = clock.monotonic();
      this.#lookLater();
    }
  }

  #end(reason: string, code: number = CLOSE_CODES.unauthorised): void {
    if (!this.#owned.isDisposed) {
      this.#ending.end({ code, reason });
      this.dispose();
    }
  }
}
