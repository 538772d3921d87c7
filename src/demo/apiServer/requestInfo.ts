import { API_RESOURCES, type ApiResource } from './apiResource';

/** What a path asks for, by the rules of the Kubernetes API; `unknown` is no path of the API at all. */
export type RequestTarget =
  | {
      readonly type: 'resource';
      readonly resource: ApiResource;
      readonly namespace?: string;
      readonly name?: string;
      readonly subresource?: string;
    }
  | { readonly type: 'version' }
  | { readonly type: 'health' }
  | { readonly type: 'unknown' };

export interface RequestInfo {
  readonly target: RequestTarget;
  readonly query: URLSearchParams;
}

const HEALTH_PATHS: readonly string[] = ['/healthz', '/livez', '/readyz'];

const UNKNOWN: RequestTarget = { type: 'unknown' };

/** `path` starts with `/` and carries its query. */
export function parseRequest(path: string): RequestInfo {
  const queryStart = path.indexOf('?');
  const pathname = queryStart < 0 ? path : path.slice(0, queryStart);
  return {
    target: parseTarget(pathname),
    query: new URLSearchParams(queryStart < 0 ? '' : path.slice(queryStart + 1)),
  };
}

function parseTarget(pathname: string): RequestTarget {
  if (pathname === '/version') {
    return { type: 'version' };
  }
  if (HEALTH_PATHS.includes(pathname)) {
    return { type: 'health' };
  }
  const segments = decodeSegments(pathname);
  if (segments === undefined) {
    return UNKNOWN;
  }
  const [root, ...rest] = segments;
  if (root === 'api') {
    return parseResource('', rest[0], rest.slice(1));
  }
  const [group] = rest;
  return root === 'apis' && group !== undefined ? parseResource(group, rest[1], rest.slice(2)) : UNKNOWN;
}

function parseResource(
  group: string,
  version: string | undefined,
  segments: readonly string[],
): RequestTarget {
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
): RequestTarget {
  const [plural, name, subresource] = segments;
  const resource = API_RESOURCES.find(
    (candidate) => candidate.group === group && candidate.version === version && candidate.plural === plural,
  );
  if (resource === undefined || segments.length > 3) {
    return UNKNOWN;
  }
  // One object of a namespaced resource has a path in its namespace only; the others have none there.
  if (namespace === undefined ? resource.namespaced && name !== undefined : !resource.namespaced) {
    return UNKNOWN;
  }
  return {
    type: 'resource',
    resource,
    ...(namespace !== undefined && { namespace }),
    ...(name !== undefined && { name }),
    ...(subresource !== undefined && { subresource }),
  };
}

/** `undefined` for a path with empty or wrongly encoded segments. */
function decodeSegments(pathname: string): readonly string[] | undefined {
  const raw = pathname.split('/').slice(1);
  if (raw.includes('')) {
    return undefined;
  }
  try {
    return raw.map((segment) => decodeURIComponent(segment));
  } catch (error) {
    if (error instanceof URIError) {
      return undefined;
    }
    throw error;
  }
}
