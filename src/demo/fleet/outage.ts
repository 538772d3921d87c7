import type { Random } from '../../base/random';
import { wholeNumber } from '../chance';
import { changeAddon, changeNode } from './clusterChange';
import type { ClusterModel } from './clusterModel';
import type { ChainStep } from './storyChains';

/** What an outage takes: this share of the nodes that are ready, and no more than so many. */
const LOST_SHARE = 0.5;
const MAX_LOST_NODES = 6;

/** Add-ons that need many of a cluster's nodes, in the order in which they give up. */
const FRAGILE_ADDONS = ['ingress-nginx', 'traefik', 'prometheus', 'istio'] as const;

/**
 * How a cluster goes wrong and comes back: nodes fall silent one after another, their pods are gone, add-ons that need them
 * turn unhealthy; then the nodes return one by one and all is as it was. `change` makes each change seen.
 */
export function outageSteps(
  cluster: ClusterModel,
  random: Random,
  change: (run: () => void) => void,
): readonly ChainStep[] {
  const ready = cluster.nodes.filter((node) => node.ready);
  const count = Math.max(1, Math.min(MAX_LOST_NODES, Math.ceil(ready.length * LOST_SHARE)));
  const first = wholeNumber(random, 0, Math.max(0, ready.length - count));
  const lost = ready.slice(first, first + count).map((node) => node.name);
  const fragile = cluster.addons
    .filter((addon) => addon.healthy === true && FRAGILE_ADDONS.some((name) => name === addon.name))
    .map((addon) => addon.name);
  const podsOfNode = Math.floor(cluster.blueprint.runningPods / Math.max(1, cluster.nodes.length));
  const step = (minMs: number, maxMs: number, run: () => void): ChainStep => ({
    afterMs: wholeNumber(random, minMs, maxMs),
    run: () => change(run),
  });
  const addonSteps = (healthy: boolean): readonly ChainStep[] =>
    fragile.map((name) => step(1500, 4000, () => changeAddon(cluster, name, { healthy })));
  return [
    ...lost.map((name) =>
      step(1500, 5000, () => {
        changeNode(cluster, name, { ready: false });
        cluster.runningPods = Math.max(0, cluster.runningPods - podsOfNode);
      }),
    ),
    ...addonSteps(false),
    ...lost.map((name, index) =>
      step(index === 0 ? 8000 : 2000, index === 0 ? 16_000 : 5000, () => {
        changeNode(cluster, name, { ready: true });
        cluster.runningPods += podsOfNode;
      }),
    ),
    ...addonSteps(true),
  ];
}
