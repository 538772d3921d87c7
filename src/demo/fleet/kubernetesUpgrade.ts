import type { Random } from '../../base/random';
import { wholeNumber } from '../chance';
import { changeNode } from './clusterChange';
import { versionOf, type ClusterModel } from './clusterModel';
import type { ChainStep } from './storyChains';

/** Patches of each minor version that a cluster goes through before the next minor one, and how many of those. */
const MAX_PATCH = 3;
const MAX_MINORS = 2;

/**
 * How a cluster is upgraded: the control plane first, since no kubelet may be newer than its API server (and last where it
 * goes back to an older version), then each node is cordoned, gone for a moment, and back with the new version. `change`
 * makes each change seen.
 */
export function upgradeSteps(
  cluster: ClusterModel,
  random: Random,
  change: (run: () => void) => void,
): readonly ChainStep[] {
  const { blueprint } = cluster;
  const next = nextVersion(cluster.kubernetesVersion, blueprint.kubernetesVersion);
  const version = versionOf(blueprint, next);
  const isGoingBack = next === blueprint.kubernetesVersion;
  const step = (minMs: number, maxMs: number, run: () => void): ChainStep => ({
    afterMs: wholeNumber(random, minMs, maxMs),
    run: () => change(run),
  });
  const isFirst = (role: string): number => (role === 'control-plane' ? 0 : 1);
  const nodes = cluster.nodes
    .filter((node) => node.ready)
    .toSorted((a, b) => isFirst(a.role) - isFirst(b.role));
  const controlPlane = step(0, 2000, () => {
    cluster.kubernetesVersion = version;
  });
  const nodeByNode = nodes.flatMap(({ name }) => [
    step(1000, 2000, () => changeNode(cluster, name, { unschedulable: true })),
    step(1500, 3000, () => changeNode(cluster, name, { ready: false })),
    step(2000, 5000, () => changeNode(cluster, name, { ready: true, kubeletVersion: version })),
    step(500, 1500, () => changeNode(cluster, name, { unschedulable: false })),
  ]);
  return isGoingBack ? [...nodeByNode, controlPlane] : [controlPlane, ...nodeByNode];
}

/**
 * The version after `current`, both without what the platform adds: the next patch, or the next minor version, and after
 * some of them `first` again, since a story without an end needs versions that exist.
 */
function nextVersion(current: string, first: string): string {
  const [, minor = 0, patch = 0] = numbersOf(current);
  const [major = 1, firstMinor = 0, firstPatch = 0] = numbersOf(first);
  if (patch < (minor === firstMinor ? firstPatch + MAX_PATCH : MAX_PATCH)) {
    return `${major}.${minor}.${patch + 1}`;
  }
  return minor < firstMinor + MAX_MINORS ? `${major}.${minor + 1}.0` : first;
}

function numbersOf(version: string): readonly number[] {
  return (/(\d+)\.(\d+)\.(\d+)/.exec(version) ?? []).slice(1).map(Number);
}
