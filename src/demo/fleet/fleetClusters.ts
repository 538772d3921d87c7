import { createCluster, type ClusterModel } from './clusterModel';
import { FLEET } from './fleetBlueprints';
import { generatedBlueprints } from './generatedBlueprints';

const MAX_PERSONAS = 50_000;

/**
 * The clusters of a fleet of `count`, as they begin: the first dozen is the same in every fleet, the rest is generated. The
 * same seed and time give the same clusters. Throws a `RangeError` unless `count` is a whole number up to
 * {@link MAX_PERSONAS}.
 */
export function fleetClusters(count: number, seed: number, nowMs: number): readonly ClusterModel[] {
  if (!Number.isInteger(count) || count < 0 || count > MAX_PERSONAS) {
    throw new RangeError(`personas must be a whole number from 0 to ${MAX_PERSONAS}, not ${count}`);
  }
  const first = FLEET.slice(0, count);
  const taken = new Set(FLEET.map((blueprint) => blueprint.name));
  return [...first, ...generatedBlueprints(seed, count - first.length, taken)].map((blueprint) =>
    createCluster(blueprint, seed, nowMs),
  );
}

/** The cluster that the demo itself stands for, also where the fleet is empty: the first one. */
export function homeCluster(clusters: readonly ClusterModel[], seed: number, nowMs: number): ClusterModel {
  const [home = fleetClusters(1, seed, nowMs)[0]] = clusters;
  if (home === undefined) {
    throw new Error('the fleet has no first cluster');
  }
  return home;
}
