import type { Clock } from '../../base/clock';
import { DisposableStore, type Disposable } from '../../base/disposable';
import type { Logger } from '../../base/logger';
import type { Hub } from '../../hub/hub';
import type { Source } from '../../hub/source';
import { ChildAbort } from '../../informer/childAbort';
import { reviewAccess, type ResourceAccess } from '../../kube/accessReview';

export interface HubRightsOptions {
  readonly hub: Hub;
  /** The source whose cluster says who somebody is. */
  readonly home: string;
  /** Whether it is asked whose a token is. */
  readonly reviewsTokens: boolean;
  readonly clock: Clock;
  readonly logger: Logger;
}

const LOOK_MS = 60_000;
const ASK_AGAIN_MS = 5_000;
const PATIENCE_MS = 10_000;
const ACCESS: ResourceAccess = {
  verb: 'create',
  group: 'authorization.k8s.io',
  resource: 'subjectaccessreviews',
};
const TOKENS: ResourceAccess = { verb: 'create', group: 'authentication.k8s.io', resource: 'tokenreviews' };

/**
 * Finds out whether the hub itself may ask its clusters who somebody is and what they may: without that nobody is let in, or sees
 * nothing, and would not know why. It is looked at when a cluster first answers and every minute from then on, and told in the log
 * when it is something else.
 */
export class HubRights implements Disposable {
  readonly #options: HubRightsOptions;
  readonly #owned = new DisposableStore();
  readonly #ended = new AbortController();
  /** What it may not, by source; empty where it may all that is needed, absent before that is known. */
  readonly #missing = new Map<string, readonly string[]>();

  constructor(options: HubRightsOptions) {
    this.#options = options;
    this.#owned.add({ dispose: () => this.#ended.abort(new Error('the hub is shutting down')) });
    for (const source of options.hub.sources().filter(({ definition }) => definition.kind !== 'hub')) {
      this.#follow(source);
    }
  }

  /** Why nobody could be served, as far as it is known. */
  get problem(): string | undefined {
    const { hub, home } = this.#options;
    const atHome = this.#missing.get(home) ?? [];
    const lacksTokens = atHome.includes(nameOf(TOKENS));
    const reviewed = hub.sources().filter(({ definition }) => definition.kind !== 'hub');
    const seesNothing = reviewed.every(({ id }) => this.#missing.get(id)?.includes(nameOf(ACCESS)) === true);
    if (!lacksTokens && !(seesNothing && reviewed.length > 0)) {
      return undefined;
    }
    const [first] = reviewed;
    const missing = lacksTokens ? atHome : (this.#missing.get(first?.id ?? '') ?? []);
    return `the hub may not create ${missing.join(' and ')}`;
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #follow(source: Source): void {
    const timer = this.#owned.add(new DisposableStore());
    const lookAgain = (waitMs: number): void => {
      timer.clear();
      timer.add(this.#options.clock.schedule(waitMs, () => void look()));
    };
    const look = async (): Promise<void> => {
      const isKnown = await this.#look(source);
      if (!this.#owned.isDisposed) {
        lookAgain(isKnown ? LOOK_MS : ASK_AGAIN_MS);
      }
    };
    lookAgain(0);
    this.#owned.add(
      source.onStateChanged(({ type }) => {
        if (!this.#missing.has(source.id) && type === 'live') {
          lookAgain(0);
        }
      }),
    );
  }

  /** Whether it is known now. */
  async #look(source: Source): Promise<boolean> {
    const { clock, home, reviewsTokens } = this.#options;
    const abort = new ChildAbort(this.#ended.signal);
    const patience = clock.schedule(PATIENCE_MS, () => abort.abort(new Error('no answer')));
    const wanted = source.id === home && reviewsTokens ? [TOKENS, ACCESS] : [ACCESS];
    const missing: string[] = [];
    try {
      for (const access of wanted) {
        if (!(await reviewAccess(source.fetch(), access, abort.signal))) {
          missing.push(nameOf(access));
        }
      }
    } catch {
      // The source's state says why its cluster does not answer.
      return false;
    } finally {
      patience.dispose();
      abort.dispose();
    }
    this.#tell(source, missing);
    return true;
  }

  #tell(source: Source, missing: readonly string[]): void {
    const { logger } = this.#options;
    const before = this.#missing.get(source.id) ?? [];
    this.#missing.set(source.id, missing);
    const { label } = source.definition;
    if (missing.length > 0 && missing.join() !== before.join()) {
      logger.error(
        `[${label}] the hub may not create ${missing.join(' and ')}, so that nobody can be told apart: give its user a role that may (docs/hub-server.md)`,
      );
    } else if (missing.length === 0 && before.length > 0) {
      logger.info(`[${label}] the hub may ask now who may do what`);
    }
  }
}

function nameOf({ group, resource }: ResourceAccess): string {
  return `${resource}.${group}`;
}
