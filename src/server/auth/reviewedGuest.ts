import type { Clock } from '../../base/clock';
import { toDisposable, type Disposable } from '../../base/disposable';
import { Emitter } from '../../base/emitter';
import { fnv1a } from '../../base/fnv1a';
import type { Logger } from '../../base/logger';
import { between, type Random } from '../../base/random';
import {
  PERSONA_ACCESS,
  type Access,
  type AccessChange,
  type AccessRefusal,
  type StandingAccess,
} from '../../hub/guest';
import type { Hub } from '../../hub/hub';
import type { Identity } from '../../kube/identity';
import { ProblemError, type Problem } from '../../protocol/problem';
import type { AccessReviews } from './accessReviews';
import { reviewProblem } from './reviewProblem';
import type { ServedGuest } from './servedGuest';

export interface ReviewedGuestOptions {
  readonly hub: Hub;
  readonly reviews: Pick<AccessReviews, 'review'>;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** How often what goes on is looked at again, in milliseconds. */
  readonly recheckMs: number;
}

/**
 * How long what was allowed stays so while nobody says whether it still is: an API server that is restarted or upgraded must not
 * end everything that goes on, and whoever lost a right must not keep it by an outage for long.
 */
export const GRACE_MS = 5 * 60_000;
/** What nobody could say is asked again this soon. */
const ASK_AGAIN_MS = 5_000;

const NOT_ASKED: AccessRefusal = {
  problem: { code: 'unreachable', detail: 'nobody has asked yet whether this is allowed' },
  retryAt: 0,
};

/** What was asked for, is looked at again, and whoever is to be told when it ends. */
interface Grant {
  readonly source: string;
  readonly access: Access;
  readonly holders: Set<(problem: Problem) => void>;
  /** Monotonic milliseconds of the last time that it was allowed. */
  allowedAtMs: number | undefined;
  /** Undefined while it is allowed. */
  refusal: AccessRefusal | undefined;
  /** Nobody could say, the last time. */
  isUnsaid: boolean;
}

/** Somebody whose rights are what the clusters say. What goes on is looked at again every `recheckMs`. */
export class ReviewedGuest implements ServedGuest {
  readonly #options: ReviewedGuestOptions;
  readonly #changed: Emitter<AccessChange>;
  readonly #grants = new Map<string, Grant>();
  readonly #sourcesChanged: Disposable;
  #identity: Identity | undefined;
  #sight: string | undefined;
  #timer: Disposable | undefined;
  #isDisposed = false;

  constructor(options: ReviewedGuestOptions) {
    this.#options = options;
    this.#sourcesChanged = options.hub.onSourcesChanged(() => this.#followSources());
    this.#changed = new Emitter((error) => options.logger.error('A listener of rights failed', error));
  }

  get onChanged() {
    return this.#changed.event;
  }

  get sight(): string {
    this.#sight ??= `v${fnv1a(
      [...this.#grants.values()]
        .filter(({ access, refusal }) => access.type === 'personas' && refusal === undefined)
        .map(({ source }) => JSON.stringify(source))
        .toSorted()
        .join(' '),
    )}`;
    return this.#sight;
  }

  async become(identity: Identity): Promise<boolean> {
    const before = this.#identity;
    if (before !== undefined && before.user !== identity.user) {
      return false;
    }
    this.#identity = identity;
    if (before !== undefined) {
      await this.#recheck();
    }
    return true;
  }

  refusal(source: string, access: StandingAccess): AccessRefusal | undefined {
    const grant = this.#grants.get(keyOf(source, access));
    return grant === undefined ? NOT_ASKED : grant.refusal;
  }

  async require(source: string, access: Access): Promise<void> {
    const key = keyOf(source, access);
    const grant = this.#grants.get(key) ?? newGrant(source, access);
    if (isStanding(access)) {
      this.#grants.set(key, grant);
    }
    // Whoever gave no answer a moment ago is not waited for by everybody: that is asked again all the while.
    if (!grant.isUnsaid || grant.refusal !== undefined) {
      await this.#review(grant);
    }
    if (grant.refusal !== undefined) {
      throw new ProblemError(grant.refusal.problem);
    }
    this.#recheckLater();
  }

  async learn(): Promise<void> {
    await Promise.all(
      this.#options.hub.sources().map(({ id }) =>
        this.require(id, PERSONA_ACCESS).catch((error: unknown) => {
          if (!(error instanceof ProblemError)) {
            throw error;
          }
        }),
      ),
    );
    this.#recheckLater();
  }

  hold(source: string, access: Access, onLost: (problem: Problem) => void): Disposable {
    const key = keyOf(source, access);
    const grant = this.#grants.get(key) ?? newGrant(source, access);
    this.#grants.set(key, grant);
    if (!isStanding(access)) {
      grant.refusal = undefined;
    }
    grant.allowedAtMs ??= this.#options.clock.monotonic();
    grant.holders.add(onLost);
    this.#recheckLater();
    return toDisposable(() => {
      grant.holders.delete(onLost);
      if (grant.holders.size === 0) {
        this.#forget(grant);
      }
    });
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#sourcesChanged.dispose();
    this.#timer?.dispose();
    this.#timer = undefined;
    this.#grants.clear();
    this.#changed.dispose();
  }

  /** Of a source that comes later nobody has asked, and one that is gone cannot be asked. */
  #followSources(): void {
    for (const [key, { source }] of this.#grants) {
      if (this.#options.hub.source(source) === undefined) {
        this.#grants.delete(key);
      }
    }
    this.#sight = undefined;
    if (this.#identity !== undefined) {
      void this.learn();
    }
  }

  #recheckLater(): void {
    if (this.#timer !== undefined || this.#isDisposed || this.#grants.size === 0) {
      return;
    }
    const { clock, random, recheckMs } = this.#options;
    const isUnsaid = [...this.#grants.values()].some((grant) => grant.isUnsaid);
    // Those that came at the same moment do not ask at the same moment for ever.
    const waitMs = between(random, 0.9, 1) * (isUnsaid ? Math.min(ASK_AGAIN_MS, recheckMs) : recheckMs);
    this.#timer = clock.schedule(waitMs, () => void this.#recheck());
  }

  async #recheck(): Promise<void> {
    this.#timer?.dispose();
    this.#timer = undefined;
    await Promise.all([...this.#grants.values()].map((grant) => this.#review(grant)));
    this.#recheckLater();
  }

  /** Never rejects: what nobody could say is a refusal too, unless it was allowed a short while ago. */
  async #review(grant: Grant): Promise<void> {
    const { reviews, clock, recheckMs } = this.#options;
    const identity = this.#identity;
    if (identity === undefined) {
      this.#refuse(grant, { code: 'unauthorized', detail: 'nobody has shown who they are' });
      return;
    }
    let verdict;
    try {
      verdict = await reviews.review(grant.source, identity, grant.access);
    } catch (error) {
      if (identity === this.#identity) {
        grant.isUnsaid = true;
        const sinceMs = clock.monotonic() - (grant.allowedAtMs ?? Number.NEGATIVE_INFINITY);
        if (sinceMs > GRACE_MS) {
          this.#refuse(grant, reviewProblem(error), ASK_AGAIN_MS);
        }
      }
      return;
    }
    // Of an answer about who they were before nothing follows.
    if (identity !== this.#identity) {
      return;
    }
    grant.isUnsaid = false;
    if (verdict === undefined) {
      grant.allowedAtMs = clock.monotonic();
      this.#set(grant, undefined);
    } else {
      grant.allowedAtMs = undefined;
      this.#refuse(grant, { code: 'forbidden', detail: verdict }, recheckMs);
    }
  }

  #refuse(grant: Grant, problem: Problem, againMs = this.#options.recheckMs): void {
    this.#set(grant, { problem, retryAt: this.#options.clock.now() + againMs });
    const holders = [...grant.holders];
    grant.holders.clear();
    this.#forget(grant);
    for (const onLost of holders) {
      onLost(problem);
    }
  }

  /** What stands is kept, and what was asked for again meanwhile is another one, which goes on. */
  #forget(grant: Grant): void {
    const { source, access } = grant;
    const key = keyOf(source, access);
    if (!isStanding(access) && this.#grants.get(key) === grant) {
      this.#grants.delete(key);
    }
  }

  #set(grant: Grant, refusal: AccessRefusal | undefined): void {
    const { source, access, refusal: before } = grant;
    grant.refusal = refusal;
    this.#sight = undefined;
    if (isStanding(access) && !this.#isDisposed && before?.problem.code !== refusal?.problem.code) {
      this.#changed.fire({ source, access: access.type });
    }
  }
}

function newGrant(source: string, access: Access): Grant {
  return { source, access, holders: new Set(), allowedAtMs: undefined, refusal: NOT_ASKED, isUnsaid: false };
}

function isStanding(access: Access): access is StandingAccess {
  return access.type === 'personas' || access.type === 'metrics';
}

/** Of a standing access it is made for every event and client. */
function keyOf(source: string, access: Access): string {
  return isStanding(access) ? `${access.type} ${source}` : JSON.stringify([source, access]);
}
