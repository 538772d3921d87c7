import type { Clock } from '../base/clock';
import { ProblemError } from '../protocol/problem';
import type { AccessToken, Credentials } from './credentials';
import { isBearerToken } from './isBearerToken';

/** A person may be signing in. */
export const TOKEN_DEADLINE_MS = 180_000;

/**
 * The token to show now, or undefined where there is none. Rejects with what the credentials reject with, with a
 * {@link ProblemError} `credentials` after {@link TOKEN_DEADLINE_MS}, or with the signal's reason at once: even where the
 * credentials heed no signal. A token that no header can carry is refused here: whatever sends it might repeat it in what it
 * says of the failure.
 */
export function askToken(
  credentials: Credentials,
  clock: Clock,
  signal: AbortSignal,
): Promise<AccessToken | undefined> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(signal.reason);
      return;
    }
    const abort = new AbortController();
    const onAbort = (): void => end(() => reject(signal.reason));
    const deadline = clock.schedule(TOKEN_DEADLINE_MS, () =>
      end(() =>
        reject(
          new ProblemError({ code: 'credentials', detail: `no token within ${TOKEN_DEADLINE_MS / 1000} s` }),
        ),
      ),
    );
    const end = (settle: () => void): void => {
      deadline.dispose();
      signal.removeEventListener('abort', onAbort);
      settle();
      abort.abort();
    };
    signal.addEventListener('abort', onAbort, { once: true });
    credentials.token(abort.signal).then(
      (given) =>
        end(() => {
          if (given === undefined || isBearerToken(given.token)) {
            resolve(given);
          } else {
            reject(
              new ProblemError({
                code: 'credentials',
                detail: 'the token has characters that no bearer token has',
              }),
            );
          }
        }),
      (error: unknown) => end(() => reject(error)),
    );
  });
}
