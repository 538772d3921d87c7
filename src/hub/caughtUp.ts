import type { Clock } from '../base/clock';
import { DisposableStore } from '../base/disposable';
import { ProblemError } from '../protocol/problem';
import { decodeCursor } from './cursor';
import type { Source } from './source';

/** A hub, as far as it is needed here. */
interface FollowedSources {
  readonly instance: string;
  source(id: string): Source | undefined;
}

/** As for whoever resumes: later than this it costs less to ask again. */
const CATCH_UP_MS = 5_000;

/**
 * Resolves once this hub has told at least what was told where the cursor is, be it of another hub: at once where it is not known
 * to be behind. Rejects with {@link ProblemError}: `badRequest` for what is no cursor, and `closed` where it is still behind after
 * 5 s.
 */
export async function caughtUp(hub: FollowedSources, clock: Clock, text: string): Promise<void> {
  const cursor = decodeCursor(text);
  if (cursor === undefined) {
    throw new ProblemError({ code: 'badRequest', detail: 'minVersion is the cursor of an event' });
  }
  const { instance, state } = cursor;
  const source = cursor.source === undefined ? undefined : hub.source(cursor.source);
  if (instance === hub.instance || source === undefined || state === undefined) {
    return;
  }
  const isBehind = (): boolean => source.since(state).type === 'behind';
  if (!isBehind()) {
    return;
  }
  const waiting = new DisposableStore();
  try {
    await new Promise<void>((resolve, reject) => {
      const look = (): void => {
        if (!isBehind()) {
          resolve();
        }
      };
      waiting.add(source.onProof(look));
      waiting.add(source.onStateChanged(look));
      waiting.add(
        clock.schedule(CATCH_UP_MS, () =>
          reject(new ProblemError({ code: 'closed', detail: 'this hub has not come as far yet: ask again' })),
        ),
      );
    });
  } finally {
    waiting.dispose();
  }
}
