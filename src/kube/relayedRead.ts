/** What a hub reads of a cluster for its clients. */
export type RelayedRead = {
  /** The answer goes on for as long as something happens. */
  readonly isEndless: boolean;
} & (
  | { readonly resource: 'nodes' }
  /** The namespace whose uid stands for the cluster. */
  | { readonly resource: 'identity' }
  /** What has pods, for which they are. */
  | { readonly resource: 'workload'; readonly namespace: string }
  | {
      readonly resource: 'pods';
      /** Empty of all. */
      readonly namespace: string;
      /** Absent of a list or watch. */
      readonly name?: string;
    }
  | { readonly resource: 'log'; readonly namespace: string; readonly name: string }
);

/** It exists in every cluster. */
const IDENTITY = 'kube-system';
/** Longer than any path with names and selectors of Kubernetes. */
const MAX_PATH_CHARS = 4_096;

/**
 * What a path asks for, or undefined for everything that a hub does not hand on: pods, their logs, which pods are a
 * workload's, and what nodes use is all of it, whatever else its credentials allow.
 */
export function relayedRead(path: string): RelayedRead | undefined {
  if (path.length > MAX_PATH_CHARS || !path.startsWith('/')) {
    return undefined;
  }
  const [rawPath = '', query = ''] = path.split('?', 2);
  const parameters = new URLSearchParams(query);
  const segments = decodedSegments(rawPath);
  if (segments === undefined) {
    return undefined;
  }
  const [root, group, version, ...rest] = segments;
  if (root === 'api' && group === 'v1') {
    return coreRead(segments.slice(2), parameters);
  }
  if (root !== 'apis') {
    return undefined;
  }
  if (group === 'metrics.k8s.io') {
    // The answer is everybody's, so that everybody asks the same.
    return version === 'v1beta1' && rest.length === 1 && rest[0] === 'nodes' && !path.includes('?')
      ? { resource: 'nodes', isEndless: false }
      : undefined;
  }
  const [namespaces, namespace, kind = '', name, ...more] = rest;
  const isWorkload = WORKLOADS.has(`${group}/${version}/${kind}`) && namespaces === 'namespaces';
  return isWorkload && namespace !== undefined && name !== undefined && more.length === 0
    ? { resource: 'workload', namespace, isEndless: false }
    : undefined;
}

const WORKLOADS: ReadonlySet<string> = new Set([
  'apps/v1/deployments',
  'apps/v1/statefulsets',
  'apps/v1/daemonsets',
  'apps/v1/replicasets',
  'batch/v1/jobs',
]);

/** What follows `/api/v1`. */
function coreRead(segments: readonly string[], parameters: URLSearchParams): RelayedRead | undefined {
  const list = { resource: 'pods', isEndless: isTrue(parameters.get('watch')) } as const;
  if (segments.length === 1 && segments[0] === 'pods') {
    return { ...list, namespace: '' };
  }
  const [namespaces, namespace, kind, name, subresource, ...more] = segments;
  if (namespaces !== 'namespaces' || namespace === undefined) {
    return undefined;
  }
  if (kind === undefined) {
    return namespace === IDENTITY ? { resource: 'identity', isEndless: false } : undefined;
  }
  if (kind !== 'pods' || more.length > 0) {
    return undefined;
  }
  if (name === undefined) {
    return { ...list, namespace };
  }
  if (subresource === 'log') {
    return { resource: 'log', namespace, name, isEndless: isTrue(parameters.get('follow')) };
  }
  return subresource === undefined ? { resource: 'pods', namespace, name, isEndless: false } : undefined;
}

/** Undefined where a segment cannot be decoded, or would lead elsewhere once it is. */
function decodedSegments(path: string): string[] | undefined {
  try {
    const segments = path.slice(1).split('/').map(decodeURIComponent);
    return segments.every(
      (segment) => segment !== '' && segment !== '.' && segment !== '..' && !segment.includes('/'),
    )
      ? segments
      : undefined;
  } catch {
    return undefined;
  }
}

/** As Kubernetes reads a boolean. */
function isTrue(value: string | null): boolean {
  return value !== null && value !== 'false' && value !== '0';
}
