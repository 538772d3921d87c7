import type { Disposable } from '../../base/disposable';
import { EVERYBODY, type Guest } from '../../hub/guest';
import type { Identity } from '../../kube/identity';

/** A guest of one connection or request, who becomes somebody by what they show. */
export interface ServedGuest extends Guest, Disposable {
  /** Whoever showed who they are, at first or anew; then it resolves with what they may now. False where it is another user. */
  become(identity: Identity): Promise<boolean>;
}

/** Where it makes no difference who somebody is. */
export const ANYBODY: ServedGuest = {
  ...EVERYBODY,
  become: () => Promise.resolve(true),
  dispose() {},
};
