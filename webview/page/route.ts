import type { PersonaKey } from '../../src/protocol/summaryRow';
import { pathSegment } from '../../src/transport/web/hubHttp';
import { parseSort, sortText, type FleetSort } from '../fleet/fleetState';

/** What an address of the page stands for. */
export type Route =
  | { readonly type: 'fleet'; readonly filter: string; readonly sort: FleetSort | undefined }
  | ({ readonly type: 'detail' } & PersonaKey)
  /** Without `addon` the choice of one. */
  | ({ readonly type: 'logs'; readonly addon: string | undefined } & PersonaKey)
  | { readonly type: 'nowhere' };

const CLUSTERS = 'clusters';
const LOGS = 'logs';

/** An address below `root`, which ends with a slash. */
export function parseRoute(url: URL, root: string): Route {
  const path = url.origin + url.pathname;
  if (!path.startsWith(root)) {
    return { type: 'nowhere' };
  }
  const [first, ...segments] = path.slice(root.length).split('/');
  if (first === '' && segments.length === 0) {
    const filter = url.searchParams.get('filter') ?? '';
    return { type: 'fleet', filter, sort: parseSort(url.searchParams.get('sort') ?? '') };
  }
  const [source, name, last, ...more] = segments.map(decoded);
  if (first !== CLUSTERS || source === undefined || name === undefined || more.length > 0) {
    return { type: 'nowhere' };
  }
  if (last === undefined && segments.length === 2) {
    return { type: 'detail', source, name };
  }
  return last === LOGS
    ? { type: 'logs', source, name, addon: url.searchParams.get('addon') ?? undefined }
    : { type: 'nowhere' };
}

function decoded(segment: string): string | undefined {
  try {
    return segment === '' ? undefined : decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}

/** The address of a route, for a link on a page whose base is `root`; undefined for a name that cannot be in one. */
export function routeHref(route: Exclude<Route, { type: 'nowhere' }>): string | undefined {
  switch (route.type) {
    case 'fleet': {
      const query = new URLSearchParams();
      if (route.filter !== '') {
        query.set('filter', route.filter);
      }
      if (route.sort !== undefined) {
        query.set('sort', sortText(route.sort));
      }
      return query.size === 0 ? './' : `./?${query.toString()}`;
    }
    case 'detail':
      return clusterHref(route);
    case 'logs': {
      const cluster = clusterHref(route);
      const query =
        route.addon === undefined ? '' : `?${new URLSearchParams({ addon: route.addon }).toString()}`;
      return cluster && `${cluster}/${LOGS}${query}`;
    }
    default:
      return route satisfies never;
  }
}

function clusterHref({ source, name }: PersonaKey): string | undefined {
  const segments = [source, name].map(pathSegment);
  return segments.includes(undefined) ? undefined : [CLUSTERS, ...segments].join('/');
}
