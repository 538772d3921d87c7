import type { Clock } from '../base/clock';
import { DisposableStore } from '../base/disposable';
import type { Problem } from '../protocol/problem';
import { HubLink, type HubLinkOptions } from './hubLink';

/** Longer than a connection takes that comes about at all, after one by a better route that never did. */
const TRY_LIMIT_MS = 45_000;

export type HubTrial =
  { readonly ok: true; readonly clusters: number } | { readonly ok: false; readonly problem: Problem };

/** Connects to a hub, asks which clusters it has, and leaves. Rejects with the signal's reason alone. */
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
    const link = owned.add(new HubLink({ ...options, settings }));
    const detail = `nothing came of it within ${TRY_LIMIT_MS / 1000} s`;
    owned.add(
      options.clock.schedule(TRY_LIMIT_MS, () =>
        resolve({ ok: false, problem: { code: 'unreachable', detail } }),
      ),
    );
    owned.add(link.onListed((clusters) => resolve({ ok: true, clusters })));
    owned.add(
      link.onStateChanged((state) => {
        const isUnderWay = state.type === 'reconnecting' && state.retryAt <= options.clock.now();
        if ('problem' in state && state.type !== 'open' && !isUnderWay) {
          resolve({ ok: false, problem: state.problem });
        }
      }),
    );
    link.start();
  }).finally(() => owned.dispose());
}
