import { API_RESOURCES, type ApiResource } from './apiResource';

/** An object, a part of it, or a collection. */
export interface ResourceTarget {
  readonly type: 'resource';
  readonly resource: ApiResource;
  readonly namespace?: string;
  readonly name?: string;
  readonly subresource?: string;
}

/** What a path asks for, by the rules of the Kubernetes API; `other` is no resource of the API. */
type RequestTarget =
  ResourceTarget | { readonly type: 'version' } | { readonly type: 'health' } | { readonly type: 'other' };

export interface RequestInfo {
  readonly pathname: string;
  readonly target: RequestTarget;
  readonly query: URLSearchParams;
}

const HEALTH_PATHS: readonly string[] = ['/healthz', '/livez', '/readyz'];

/** `path` starts with `/` and carries its query. */
export function parseRequest(path: string): RequestInfo {
  const queryStart = path.indexOf('?');
  const pathname = queryStart < 0 ? path : path.slice(0, queryStart);
  return {
    pathname,
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
  return parseSegments(decodeSegments(pathname)) ?? { type: 'other' };
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

/** None for a path with empty or wrongly encoded segments. */
function decodeSegments(pathname: string): readonly string[] {
  const raw = pathname.split('/').slice(1);
  if (raw.includes('')) {
    return [];
  }
  try {
    return raw.map((segment) => decodeURIComponent(segment));
  } catch (error) {
    if (error instanceof URIError) {
      return [];
    }
    throw error;
  }
}
