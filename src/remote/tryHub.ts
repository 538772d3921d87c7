import type { Clock } from '../base/clock';
import { DisposableStore } from '../base/disposable';
import type { Problem } from '../protocol/problem';
import type { SourceRoute } from '../protocol/sourceState';
import type { ConnectionState } from '../transport/connectionState';
import { routeOf } from './connectionStates';
import { FollowedHub } from './followedHub';
import type { HubKind } from './hubFollower';
import type { HubLinkOptions } from './hubLink';

/** Longer than a connection takes that comes about at all, after one by a better route that never did. */
const TRY_LIMIT_MS = 45_000;

export type HubTrial =
  /** `count` of clusters, or of a platform of ClusterPersonas. */
  | { readonly ok: true; readonly kind: HubKind; readonly route: SourceRoute; readonly count: number }
  | { readonly ok: false; readonly problem: Problem };

/**
 * Connects to whatever is at an address, by any way that gets through, asks what it has, and leaves. Rejects with the signal's
 * reason alone.
 */
export function tryHub(
  options: HubLinkOptions & { readonly clock: Clock },
  signal: AbortSignal,
): Promise<HubTrial> {
  const owned = new DisposableStore();
  return new Promise<HubTrial>((resolve, reject) => {
    signal.throwIfAborted();
    const onAbort = (): void => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    owned.add({ dispose: () => signal.removeEventListener('abort', onAbort) });
    // Where the best route does not work, the others are tried at once.
    const settings = { ...options.settings, fallbackAfter: 1 };
    const hub = owned.add(new FollowedHub({ ...options, settings }));
    let count: number | undefined;
    const look = (state: ConnectionState): void => {
      const route = routeOf(state);
      if (route !== undefined && count !== undefined) {
        resolve({ ok: true, kind: hub.kind, route, count });
      } else if ('problem' in state && state.type !== 'open' && !isStillTrying(state, options.clock)) {
        resolve({ ok: false, problem: state.problem });
      }
    };
    const detail = `nothing came of it within ${TRY_LIMIT_MS / 1000} s`;
    owned.add(
      options.clock.schedule(TRY_LIMIT_MS, () =>
        resolve({ ok: false, problem: { code: 'unreachable', detail } }),
      ),
    );
    owned.add(
      hub.onListed((listed) => {
        // Of a platform the list comes before it counts as open.
        count = listed;
        look(hub.state);
      }),
    );
    owned.add(hub.onStateChanged(look));
    hub.start();
  }).finally(() => owned.dispose());
}

/** Another way is tried at this moment. */
function isStillTrying(state: ConnectionState, clock: Clock): boolean {
  return state.type === 'reconnecting' && state.retryAt <= clock.now();
}
