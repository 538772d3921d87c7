import { API_RESOURCES, type ApiResource } from './apiResource';

/** An object, a part of it, or a collection. */
export interface ResourceTarget {
  readonly type: 'resource';
  readonly resource: ApiResource;
  readonly namespace?: string;
  readonly name?: string;
  readonly subresource?: string;
}

/** What a path asks for, by the rules of the Kubernetes API; `other` is no resource of the API, and `malformed` wrongly encoded. */
type RequestTarget =
  | ResourceTarget
  | { readonly type: 'version' }
  | { readonly type: 'health' }
  | { readonly type: 'other' }
  | { readonly type: 'malformed' };

export interface RequestInfo {
  readonly pathname: string;
  readonly target: RequestTarget;
  readonly query: URLSearchParams;
}

const HEALTH_PATHS: readonly string[] = ['/healthz', '/livez', '/readyz'];

/** `path` starts with `/` and carries its query; a slash at its end means nothing. */
export function parseRequest(path: string): RequestInfo {
  const queryStart = path.indexOf('?');
  const whole = queryStart < 0 ? path : path.slice(0, queryStart);
  const pathname = whole.length > 1 && whole.endsWith('/') ? whole.slice(0, -1) : whole;
  return {
    pathname,
    target: parseTarget(pathname),
    query: parseQuery(queryStart < 0 ? '' : path.slice(queryStart + 1)),
  };
}

/** Like Go, without the parameters that are wrongly encoded, or hold a semicolon, which once parted them. */
function parseQuery(query: string): URLSearchParams {
  const parameters = query.split('&').filter((parameter) => !/%(?![\da-f]{2})|;/i.test(parameter));
  return new URLSearchParams(parameters.join('&'));
}

function parseTarget(pathname: string): RequestTarget {
  if (pathname === '/version') {
    return { type: 'version' };
  }
  if (HEALTH_PATHS.includes(pathname)) {
    return { type: 'health' };
  }
  return isWellEncoded(pathname)
    ? (parseSegments(segmentsOf(pathname)) ?? { type: 'other' })
    : { type: 'malformed' };
}

/** `undefined` where nothing is served at that path. */
function parseSegments(segments: readonly string[]): ResourceTarget | undefined {
  const [root, ...rest] = segments;
  if (root === 'api') {
    return parseResource('', rest[0], rest.slice(1));
  }
  const [group] = rest;
  return root === 'apis' && group !== undefined ? parseResource(group, rest[1], rest.slice(2)) : undefined;
}

function parseResource(
  group: string,
  version: string | undefined,
  segments: readonly string[],
): ResourceTarget | undefined {
  const [first, second, third] = segments;
  // Below one namespace everything is a resource in it, but for the few subresources of the namespace itself.
  if (first === 'namespaces' && second !== undefined && third !== undefined && third !== 'status') {
    return target(group, version, segments.slice(2), second);
  }
  return target(group, version, segments, undefined);
}

function target(
  group: string,
  version: string | undefined,
  segments: readonly string[],
  namespace: string | undefined,
): ResourceTarget | undefined {
  const [plural, name, subresource] = segments;
  const resource = API_RESOURCES.find(
    (candidate) => candidate.group === group && candidate.version === version && candidate.plural === plural,
  );
  if (resource === undefined || segments.length > 3) {
    return undefined;
  }
  // One object of a namespaced resource has a path in its namespace only; the others have none there.
  if (namespace === undefined ? resource.namespaced && name !== undefined : !resource.namespaced) {
    return undefined;
  }
  return {
    type: 'resource',
    resource,
    ...(namespace !== undefined && { namespace }),
    ...(name !== undefined && { name }),
    ...(subresource !== undefined && { subresource }),
  };
}

/** `%FF` is no UTF-8, and still a byte of a name. */
function isWellEncoded(pathname: string): boolean {
  return !/%(?![\da-f]{2})/i.test(pathname);
}

/** None for a path with empty segments. Like the API server, which decodes first: an encoded slash parts segments, too. */
function segmentsOf(pathname: string): readonly string[] {
  const segments = decode(pathname).split('/').slice(1);
  return segments.includes('') ? [] : segments;
}

/** No name of the API holds what this puts in place of bytes that are no UTF-8. */
function decode(pathname: string): string {
  return (
    new URLSearchParams(`path=${pathname.replaceAll('+', '%2B').replaceAll('&', '%26')}`).get('path') ?? ''
  );
}
