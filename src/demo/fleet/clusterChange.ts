import type { AddonModel, ClusterModel, NodeModel } from './clusterModel';

export function changeNode(cluster: ClusterModel, name: string, change: Partial<NodeModel>): void {
  cluster.nodes = cluster.nodes.map((node) => (node.name === name ? { ...node, ...change } : node));
}

export function changeAddon(cluster: ClusterModel, name: string, change: Partial<AddonModel>): void {
  cluster.addons = cluster.addons.map((addon) => (addon.name === name ? { ...addon, ...change } : addon));
}

export function readyCount(cluster: ClusterModel): number {
  return cluster.nodes.reduce((count, node) => count + (node.ready ? 1 : 0), 0);
}

export function notReadyCount(cluster: ClusterModel): number {
  return cluster.nodes.length - readyCount(cluster);
}

/** Of those somebody checks. */
export function unhealthyAddons(cluster: ClusterModel): readonly string[] {
  return cluster.addons.filter((addon) => addon.healthy === false).map((addon) => addon.name);
}
