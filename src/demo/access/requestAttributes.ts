import { NAMESPACES, type ApiResource } from '../apiServer/apiResource';
import { queryFlag } from '../apiServer/queryParameter';

/** What somebody wants to do to a resource. Not only such as this server knows: one may ask about any. */
export interface ResourceAttributes {
  readonly type: 'resource';
  readonly verb: string;
  /** Empty for the core group. */
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string;
  /** Absent in the whole cluster. */
  readonly namespace?: string;
  readonly name?: string;
}

/** What somebody wants to do at a path that is no resource's. */
export interface PathAttributes {
  readonly type: 'path';
  readonly verb: string;
  readonly path: string;
}

/** What is to be allowed or not, as an authorizer sees it. */
export type RequestAttributes = ResourceAttributes | PathAttributes;

export interface ResourcePath {
  readonly resource: ApiResource;
  readonly namespace?: string;
  readonly name?: string;
  readonly subresource?: string;
}

/** The attributes of a request for a resource. A selector for one name counts as that name. */
export function resourceAttributes(
  method: string,
  path: ResourcePath,
  query: URLSearchParams,
): ResourceAttributes {
  const { resource, subresource } = path;
  const isCollection = path.name === undefined;
  const selected = isCollection ? selectedName(method, query) : undefined;
  const name = path.name ?? selected;
  // A namespace is in itself, so that whoever may read in one may read the one.
  const namespace = resource === NAMESPACES ? path.name : path.namespace;
  return {
    type: 'resource',
    verb: verbOf(method, isCollection, query),
    group: resource.group,
    resource: resource.plural,
    ...(subresource !== undefined && { subresource }),
    ...(namespace !== undefined && { namespace }),
    ...(name !== undefined && { name }),
  };
}

export function pathAttributes(method: string, path: string): PathAttributes {
  return { type: 'path', verb: method.toLowerCase(), path };
}

function verbOf(method: string, isCollection: boolean, query: URLSearchParams): string {
  switch (method) {
    case 'GET':
      return isCollection ? (queryFlag(query, 'watch') ? 'watch' : 'list') : 'get';
    case 'POST':
      return 'create';
    case 'PUT':
      return 'update';
    case 'PATCH':
      return 'patch';
    case 'DELETE':
      return isCollection ? 'deletecollection' : 'delete';
    default:
      return method.toLowerCase();
  }
}

function selectedName(method: string, query: URLSearchParams): string | undefined {
  if (method !== 'GET' && method !== 'DELETE') {
    return undefined;
  }
  return /(?:^|,)metadata\.name==?([^,=!\\]+)(?:,|$)/.exec(query.get('fieldSelector') ?? '')?.[1];
}
