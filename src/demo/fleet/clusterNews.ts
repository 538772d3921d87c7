import { notReadyCount, readyCount, unhealthyAddons } from './clusterChange';
import type { ClusterModel } from './clusterModel';
import type { EventInput } from './eventRecorder';

/** What an operator tells about a cluster as an event. */
export type ClusterNews = Pick<EventInput, 'type' | 'reason' | 'message'>;

/** The state of a cluster as far as changes of it are news. */
export interface ClusterView {
  readonly isLost: boolean;
  readonly notReady: number;
  readonly unhealthy: readonly string[];
}

export const DISCOVERED: ClusterNews = {
  type: 'Normal',
  reason: 'DiscoverySucceeded',
  message: 'cluster state was discovered',
};

const UNREACHABLE: ClusterNews = {
  type: 'Warning',
  reason: 'DiscoveryFailed',
  message: 'listing nodes: context deadline exceeded',
};

export function viewOf(cluster: ClusterModel): ClusterView {
  return {
    isLost: cluster.isLost,
    notReady: notReadyCount(cluster),
    unhealthy: unhealthyAddons(cluster),
  };
}

/** What is new of a cluster since `before`: each node that is lost, but of those that come back only the last. */
export function newsSince(before: ClusterView, cluster: ClusterModel): readonly ClusterNews[] {
  const now = viewOf(cluster);
  const counted = `${readyCount(cluster)}/${cluster.nodes.length} nodes ready`;
  const news: ClusterNews[] = [];
  if (before.isLost !== now.isLost) {
    news.push(now.isLost ? UNREACHABLE : DISCOVERED);
  }
  if (now.notReady > before.notReady) {
    news.push({ type: 'Warning', reason: 'NodesNotReady', message: counted });
  } else if (now.notReady === 0 && before.notReady > 0) {
    news.push({ type: 'Normal', reason: 'AllNodesReady', message: counted });
  }
  for (const name of without(now.unhealthy, before.unhealthy)) {
    news.push({ type: 'Warning', reason: 'AddonUnhealthy', message: `add-on ${name} is not healthy` });
  }
  for (const name of without(before.unhealthy, now.unhealthy)) {
    news.push({ type: 'Normal', reason: 'AddonHealthy', message: `add-on ${name} is healthy again` });
  }
  return news;
}

function without(names: readonly string[], others: readonly string[]): readonly string[] {
  return names.filter((name) => !others.includes(name));
}
