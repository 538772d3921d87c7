import type { UserInfo } from './userInfo';

export type BuiltInUser = 'admin' | 'viewer' | 'nobody';

/** The user a token belongs to; `undefined` where nobody has it. */
export type TokenLookup = (token: string) => UserInfo | undefined;

export const AUTHENTICATED_GROUP = 'system:authenticated';
export const UNAUTHENTICATED_GROUP = 'system:unauthenticated';
/** May do everything, whatever the rules say. */
export const MASTERS_GROUP = 'system:masters';

export const BUILT_IN_USERS: Readonly<Record<BuiltInUser, UserInfo>> = {
  admin: { username: 'admin', uid: 'admin', groups: [MASTERS_GROUP, AUTHENTICATED_GROUP] },
  viewer: { username: 'viewer', uid: 'viewer', groups: [AUTHENTICATED_GROUP] },
  nobody: { username: 'nobody', uid: 'nobody', groups: [AUTHENTICATED_GROUP] },
};

/** Whoever shows no token. */
export const ANONYMOUS: UserInfo = { username: 'system:anonymous', groups: [UNAUTHENTICATED_GROUP] };

export function tokenLookupOf(tokens: Readonly<Record<BuiltInUser, string>>): TokenLookup {
  const users = new Map<string, UserInfo>([
    [tokens.admin, BUILT_IN_USERS.admin],
    [tokens.viewer, BUILT_IN_USERS.viewer],
    [tokens.nobody, BUILT_IN_USERS.nobody],
  ]);
  return (token) => users.get(token);
}

/**
 * Who an `Authorization` header stands for: {@link ANONYMOUS} where it holds no bearer token, `undefined` where nobody has
 * that token, which is a 401.
 */
export function authenticate(
  authorization: string | undefined,
  lookUpToken: TokenLookup,
): UserInfo | undefined {
  const token = /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1];
  return token === undefined ? ANONYMOUS : lookUpToken(token);
}
