import { createHash } from 'node:crypto';
import type { Clock } from '../../base/clock';
import type { Disposable } from '../../base/disposable';
import type { KubeFetch } from '../../base/kubeFetch';
import type { Identity } from '../../kube/identity';
import { reviewToken } from '../../kube/tokenReview';
import { ReviewCache } from './reviewCache';

export interface TokenReviewsOptions {
  readonly clock: Clock;
  /** The way to the cluster whose tokens are taken; throws while there is none. */
  readonly fetch: () => KubeFetch;
  readonly audience: string;
  /** Whether a token for the API server itself is taken too. */
  readonly takesApiServerTokens: boolean;
  readonly keepMs: number;
}

/** Longer than a token of any issuer; a header holds no more. */
const MAX_TOKEN_CHARS = 16 * 1024;

/** Says whose a token is. Tokens are remembered as digests alone. */
export class TokenReviews implements Disposable {
  readonly #options: TokenReviewsOptions;
  readonly #cache: ReviewCache<Identity | undefined>;

  constructor(options: TokenReviewsOptions) {
    this.#options = options;
    this.#cache = new ReviewCache(options);
  }

  /** How many tokens were put to the cluster. */
  get asked(): number {
    return this.#cache.asked;
  }

  /** Undefined where it is nobody's. Rejects where nobody can say now. */
  review(token: string): Promise<Identity | undefined> {
    if (token === '' || token.length > MAX_TOKEN_CHARS) {
      return Promise.resolve(undefined);
    }
    const { fetch, audience, takesApiServerTokens } = this.#options;
    return this.#cache.get(createHash('sha256').update(token).digest('base64url'), async (signal) => {
      const identity = await reviewToken(fetch(), token, audience, signal);
      return identity === undefined && takesApiServerTokens
        ? reviewToken(fetch(), token, undefined, signal)
        : identity;
    });
  }

  dispose(): void {
    this.#cache.dispose();
  }
}
