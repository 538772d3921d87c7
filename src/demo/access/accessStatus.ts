import { failure, type ApiStatus } from '../apiServer/apiStatus';
import type { RequestAttributes } from './requestAttributes';
import type { UserInfo } from './userInfo';

/** The answer to a token that nobody has. */
export function unauthorized(): ApiStatus {
  return failure(401, 'Unauthorized', 'Unauthorized');
}

/** The answer to what a user may not do. */
export function forbidden(user: UserInfo, attributes: RequestAttributes): ApiStatus {
  const who = `User "${user.username}" cannot ${attributes.verb}`;
  if (attributes.type === 'path') {
    return failure(403, 'Forbidden', `forbidden: ${who} path "${attributes.path}"`, {});
  }
  const { group, resource, subresource, namespace, name } = attributes;
  const what = `${group === '' ? resource : `${resource}.${group}`}${name === undefined ? '' : ` "${name}"`}`;
  const wanted = subresource === undefined ? resource : `${resource}/${subresource}`;
  const where = namespace === undefined ? 'at the cluster scope' : `in the namespace "${namespace}"`;
  return failure(
    403,
    'Forbidden',
    `${what} is forbidden: ${who} resource "${wanted}" in API group "${group}" ${where}`,
    { ...(name !== undefined && { name }), ...(group !== '' && { group }), kind: resource },
  );
}
