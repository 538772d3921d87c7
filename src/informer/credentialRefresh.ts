import type { Clock } from '../base/clock';
import { KubeTransportError } from '../base/kubeFetch';
import { ChildAbort, orAbort } from './childAbort';

/** A person may have to sign in; nobody waits for ever. */
const REFRESH_MS = 120_000;

/**
 * Renews credentials at most once until they are seen to work: a source that is refused again and again must not start
 * a sign-in program, or open a browser, each time.
 */
export class CredentialRefresh {
  readonly #clock: Clock;
  readonly #refresh: (() => Promise<void>) | undefined;
  #isSpent = false;

  constructor(clock: Clock, refresh: (() => Promise<void>) | undefined) {
    this.#clock = clock;
    this.#refresh = refresh;
  }

  /** The credentials work, or the user asked: the next refusal may be answered with a renewal again. */
  allow(): void {
    this.#isSpent = false;
  }

  /** Whether the credentials were renewed. Rejects with what the renewal failed of, or the signal's reason. */
  async run(signal: AbortSignal): Promise<boolean> {
    if (this.#refresh === undefined || this.#isSpent) {
      return false;
    }
    this.#isSpent = true;
    const abort = new ChildAbort(signal);
    const timer = this.#clock.schedule(REFRESH_MS, () => {
      abort.abort(new KubeTransportError('credentials', `no new credentials within ${REFRESH_MS / 1000} s`));
    });
    try {
      await orAbort(this.#refresh(), abort.signal);
      return true;
    } finally {
      timer.dispose();
      abort.dispose();
    }
  }
}
