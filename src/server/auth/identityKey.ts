import { createHash } from 'node:crypto';
import type { Identity } from '../../kube/identity';

/** Stands for somebody with all that a review may depend on; of any length as short as another. */
export function identityKey({ user, uid = '', groups, extra }: Identity): string {
  const parts = [
    user,
    uid,
    groups.toSorted(),
    Object.entries(extra).toSorted(([a], [b]) => (a < b ? -1 : 1)),
  ];
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url');
}

/** Kubernetes' own names: those of ServiceAccounts, nodes and the groups that it puts users in. */
const OWN_PREFIX = 'system:';
/** Whoever is anybody is in it, in every cluster. */
export const AUTHENTICATED_GROUP = 'system:authenticated';

/**
 * The same person in another cluster than the one whose names these are; undefined where that cannot be said. Names that begin with
 * `system:` mean somebody else in each cluster: a ServiceAccount of one is none of another that has the same name there.
 */
export function abroad(identity: Identity): Identity | undefined {
  const { user, groups, extra } = identity;
  return user.startsWith(OWN_PREFIX)
    ? undefined
    : {
        user,
        groups: groups.filter((group) => group === AUTHENTICATED_GROUP || !group.startsWith(OWN_PREFIX)),
        extra,
      };
}
