import type { Clock } from '../base/clock';
import { DisposableStore } from '../base/disposable';
import type { Problem } from '../protocol/problem';
import { HubLink, type HubLinkOptions } from './hubLink';

/** Longer than a connection takes that comes about at all. */
const TRY_LIMIT_MS = 20_000;

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
    const link = owned.add(new HubLink(options));
    const detail = `nothing came of it within ${TRY_LIMIT_MS / 1000} s`;
    owned.add(
      options.clock.schedule(TRY_LIMIT_MS, () =>
        resolve({ ok: false, problem: { code: 'unreachable', detail } }),
      ),
    );
    owned.add(link.onListed((clusters) => resolve({ ok: true, clusters })));
    owned.add(
      link.onStateChanged((state) => {
        if ('problem' in state && state.type !== 'open') {
          resolve({ ok: false, problem: state.problem });
        }
      }),
    );
    link.start();
  }).finally(() => owned.dispose());
}
