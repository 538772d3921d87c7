import type { KubeRequest } from '../../base/kubeFetch';
import { forbidden, unauthorized } from '../access/accessStatus';
import { isAllowed } from '../access/authorizer';
import { impersonated } from '../access/impersonation';
import { pathAttributes, resourceAttributes } from '../access/requestAttributes';
import type { UserInfo } from '../access/userInfo';
import { authenticate, BUILT_IN_USERS, type TokenLookup } from '../access/users';
import { ApiStatusError } from './apiStatus';
import { headerOf } from './requestHeader';
import type { RequestInfo } from './requestInfo';

/** Says who asks, and whether they may. */
export class Gatekeeper {
  readonly #lookUpToken: TokenLookup | undefined;

  /** Without `lookUpToken` nobody needs a token, and everybody is the admin. */
  constructor(lookUpToken: TokenLookup | undefined) {
    this.#lookUpToken = lookUpToken;
  }

  readonly lookUpToken: TokenLookup = (token) => this.#lookUpToken?.(token);

  /** The user that the request is made as. Throws a 400, 401 or 403 {@link ApiStatusError}. */
  admit({ target, query, pathname }: RequestInfo, request: KubeRequest): UserInfo {
    const requester =
      this.#lookUpToken === undefined
        ? BUILT_IN_USERS.admin
        : authenticate(headerOf(request, 'authorization'), this.#lookUpToken);
    if (requester === undefined) {
      throw new ApiStatusError(unauthorized());
    }
    const method = request.method ?? 'GET';
    const attributes =
      target.type === 'resource'
        ? resourceAttributes(method, target, query)
        : pathAttributes(method, pathname);
    const user = impersonated(requester, attributes, (name) => headerOf(request, name));
    if (!isAllowed(user, attributes)) {
      throw new ApiStatusError(forbidden(user, attributes));
    }
    return user;
  }
}
