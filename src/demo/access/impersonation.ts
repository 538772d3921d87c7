import { ApiStatusError, badRequest } from '../apiServer/apiStatus';
import { forbidden } from './accessStatus';
import { isAllowed } from './authorizer';
import type { RequestAttributes, ResourceAttributes } from './requestAttributes';
import type { UserInfo } from './userInfo';
import { ANONYMOUS, AUTHENTICATED_GROUP } from './users';

/** Whom a request is to be made as, by its `Impersonate-` headers; there is no use for `Impersonate-Extra-` here. */
interface Impersonation {
  readonly user: string;
  readonly uid: string;
  readonly groups: readonly string[];
}

const SERVICE_ACCOUNT = /^system:serviceaccount:([^:]+):([^:]+)$/;

/**
 * Who acts for `requester` in doing what is `requested`: another user where the headers ask for one, which has to be allowed
 * to `requester`. `header` takes lower-case names. Throws a 400 or 403 {@link ApiStatusError}.
 */
export function impersonated(
  requester: UserInfo,
  requested: RequestAttributes,
  header: (name: string) => string | undefined,
): UserInfo {
  const impersonation: Impersonation = {
    user: header('impersonate-user') ?? '',
    uid: header('impersonate-uid') ?? '',
    // Several headers of one name come as one, parted by commas.
    groups: (header('impersonate-group') ?? '').split(/, */).filter((group) => group !== ''),
  };
  const { user, uid, groups } = impersonation;
  if (user === '') {
    if (uid !== '' || groups.length > 0) {
      throw new ApiStatusError(badRequest('requested groups or a uid without impersonating a user name'));
    }
    return requester;
  }
  if (!attributesOf(impersonation).every((attributes) => isAllowed(requester, attributes))) {
    // Then it might still be allowed for this verb and this resource alone, which is the last that is looked at.
    const kind = SERVICE_ACCOUNT.test(user) ? 'serviceaccount' : 'user-info';
    const verb = `impersonate-on:${kind}:${requested.verb}`;
    throw new ApiStatusError(forbidden(requester, { ...requested, verb }));
  }
  return { username: user, ...(uid !== '' && { uid }), groups: groupsOf(impersonation) };
}

function attributesOf({ user, uid, groups }: Impersonation): readonly ResourceAttributes[] {
  const impersonate = { type: 'resource', verb: 'impersonate', group: '' } as const;
  const [, namespace, name] = SERVICE_ACCOUNT.exec(user) ?? [];
  return [
    namespace !== undefined && name !== undefined
      ? { ...impersonate, resource: 'serviceaccounts', namespace, name }
      : { ...impersonate, resource: 'users', name: user },
    ...groups.map((group) => ({ ...impersonate, resource: 'groups', name: group })),
    ...(uid === '' ? [] : [{ ...impersonate, group: 'authentication.k8s.io', resource: 'uids', name: uid }]),
  ];
}

/** Those that are asked for, and those that the user would be in after signing in. */
function groupsOf({ user, groups }: Impersonation): readonly string[] {
  if (user === ANONYMOUS.username) {
    return [...new Set([...groups, ...ANONYMOUS.groups])];
  }
  const namespace = SERVICE_ACCOUNT.exec(user)?.[1];
  const implied =
    namespace !== undefined && groups.length === 0
      ? ['system:serviceaccounts', `system:serviceaccounts:${namespace}`]
      : [];
  return [...new Set([...groups, ...implied, AUTHENTICATED_GROUP])];
}
