import assert from 'node:assert/strict';
import { seededRandom } from '../../../../src/base/random';
import { createCluster, type ClusterModel } from '../../../../src/demo/fleet/clusterModel';
import { FLEET } from '../../../../src/demo/fleet/fleetBlueprints';
import { upgradeSteps } from '../../../../src/demo/fleet/kubernetesUpgrade';

/** More than there are versions before it begins again. */
const UPGRADES = 15;

function numberOf(version: string): number {
  const [major = 0, minor = 0, patch = 0] = (/(\d+)\.(\d+)\.(\d+)/.exec(version) ?? []).slice(1).map(Number);
  return (major * 1000 + minor) * 1000 + patch;
}

describe('an upgrade of a cluster', () => {
  /** Calls back after each change of the cluster, over many upgrades. */
  function upgradeForLong(check: (cluster: ClusterModel) => void) {
    for (const blueprint of FLEET) {
      const cluster = createCluster(blueprint, 1, 0);
      for (let upgrade = 0; upgrade < UPGRADES; upgrade += 1) {
        for (const step of upgradeSteps(cluster, seededRandom(upgrade), (run) => run())) {
          step.run();
          check(cluster);
        }
      }
    }
  }

  it('never has a kubelet that is newer than the API server', () => {
    upgradeForLong((cluster) => {
      for (const node of cluster.nodes) {
        assert.ok(
          numberOf(node.kubeletVersion) <= numberOf(cluster.kubernetesVersion) || !node.ready,
          `${node.name} ${node.kubeletVersion} at ${cluster.kubernetesVersion}`,
        );
      }
    });
  });

  it('takes one node at a time, after it was cordoned', () => {
    upgradeForLong((cluster) => {
      const cordoned = cluster.nodes.filter((node) => node.unschedulable);
      assert.ok(cordoned.length <= 1);
      const down = cluster.nodes.filter((node) => !node.ready && !node.unschedulable);
      assert.ok(down.length <= (cluster.blueprint.situation === 'degraded' ? 1 : 0));
    });
  });

  it('ends with all nodes at the next version, and after some versions with the first', () => {
    for (const blueprint of FLEET.filter(({ situation }) => situation === 'ready')) {
      const cluster = createCluster(blueprint, 1, 0);
      const begun = cluster.kubernetesVersion;
      const seen: string[] = [];
      for (let upgrade = 0; upgrade < UPGRADES; upgrade += 1) {
        upgradeSteps(cluster, seededRandom(upgrade), (run) => run()).forEach((step) => step.run());
        seen.push(cluster.kubernetesVersion);
        assert.ok(cluster.nodes.every((node) => node.kubeletVersion === cluster.kubernetesVersion));
        assert.ok(cluster.nodes.every((node) => node.ready && !node.unschedulable));
      }
      assert.ok(seen.includes(begun));
      assert.ok(new Set(seen).size > 5);
    }
  });
});
