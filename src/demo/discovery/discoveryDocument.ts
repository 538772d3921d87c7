import { CLUSTER_PERSONAS, type ApiResource } from '../apiServer/apiResource';
import { aggregatedDiscovery } from './aggregatedDiscovery';
import { apiGroups, type ApiGroup } from './apiGroups';
import { parseAccept, type MediaRange } from './mediaRange';

export interface DiscoveryDocument {
  readonly contentType: string;
  readonly document: object;
}

const JSON_TYPE = 'application/json';
const AGGREGATED_TYPE = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

/**
 * What the server says about itself at `/api`, `/apis` and below them: APIVersions, APIGroupList, APIGroup,
 * APIResourceList, or the aggregated form where `accept` prefers it. `undefined` where the path is none of discovery.
 */
export function discoveryDocument(
  pathname: string,
  accept: string | undefined,
): DiscoveryDocument | undefined {
  const segments = pathname.replace(/\/$/, '').split('/').slice(1);
  const [root, ...rest] = segments;
  if (rest.includes('')) {
    return undefined;
  }
  if (rest.length === 0 && (root === 'api' || root === 'apis')) {
    const groups = apiGroups().filter(({ name }) => (name === '') === (root === 'api'));
    if (prefersAggregated(parseAccept(accept))) {
      return { contentType: AGGREGATED_TYPE, document: aggregatedDiscovery(groups) };
    }
    return json(root === 'api' ? apiVersions(groups) : apiGroupList(groups));
  }
  if (root === 'api') {
    const [version, ...more] = rest;
    return more.length === 0 ? resourceListAt('', version) : undefined;
  }
  const [name, version, ...more] = rest;
  if (root !== 'apis' || name === undefined || more.length > 0) {
    return undefined;
  }
  if (version !== undefined) {
    return resourceListAt(name, version);
  }
  const group = apiGroups().find((candidate) => candidate.name === name);
  return group === undefined ? undefined : json({ kind: 'APIGroup', apiVersion: 'v1', ...groupOf(group) });
}

function prefersAggregated(ranges: readonly MediaRange[]): boolean {
  for (const { type, parameters } of ranges) {
    if (type === JSON_TYPE && parameters.get('as') === 'APIGroupDiscoveryList') {
      if (parameters.get('g') === 'apidiscovery.k8s.io' && parameters.get('v') === 'v2') {
        return true;
      }
    } else {
      return false;
    }
  }
  return false;
}

function json(document: object): DiscoveryDocument {
  return { contentType: JSON_TYPE, document };
}

function apiVersions(groups: readonly ApiGroup[]): object {
  return {
    kind: 'APIVersions',
    versions: groups.map(({ version }) => version),
    // No address of its own: this server answers wherever it was reached.
    serverAddressByClientCIDRs: [],
  };
}

function apiGroupList(groups: readonly ApiGroup[]): object {
  return { kind: 'APIGroupList', apiVersion: 'v1', groups: groups.map(groupOf) };
}

function groupOf({ name, version }: ApiGroup) {
  const entry = { groupVersion: `${name}/${version}`, version };
  return { name, versions: [entry], preferredVersion: entry };
}

function resourceListAt(name: string, version: string | undefined): DiscoveryDocument | undefined {
  const group = apiGroups().find((candidate) => candidate.name === name && candidate.version === version);
  if (group === undefined) {
    return undefined;
  }
  return json({
    kind: 'APIResourceList',
    // Absent for the core group, as it has always been.
    ...(name !== '' && { apiVersion: 'v1' }),
    groupVersion: name === '' ? group.version : `${name}/${group.version}`,
    resources: group.resources.flatMap(resourcesOf),
  });
}

/** One entry for the resource itself and one for each of its subresources. */
function resourcesOf(resource: ApiResource): readonly object[] {
  const { plural, singular, namespaced, kind, verbs, shortNames, categories, subresources } = resource;
  return [
    {
      name: plural,
      singularName: singular,
      namespaced,
      kind,
      verbs,
      ...(shortNames.length > 0 && { shortNames }),
      ...(categories.length > 0 && { categories }),
      // A real server hashes how it stores a resource; clients only compare the text.
      ...(resource === CLUSTER_PERSONAS && { storageVersionHash: 'AcYrHK1fmDE=' }),
    },
    ...subresources.map((subresource) => ({
      name: `${plural}/${subresource.name}`,
      singularName: '',
      namespaced,
      kind: subresource.kind,
      verbs: subresource.verbs,
    })),
  ];
}
