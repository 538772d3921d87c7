import type { Clock } from '../../base/clock';
import type { Disposable } from '../../base/disposable';
import { between, type Random } from '../../base/random';
import { pick, pickWeighted, wholeNumber } from '../chance';
import type { DemoScene } from '../demoScene';
import { nextPatch } from './addonPatch';
import { Campaign } from './campaign';
import { changeAddon, changeNode } from './clusterChange';
import { createNode, type ClusterModel } from './clusterModel';
import type { FleetOperator } from './fleetOperator';
import type { FleetWriter } from './fleetWriter';
import type { HomePods } from './homePods';
import { Sandboxes } from './sandboxes';
import { SCENE_PLANS, type Occurrence, type ScenePlan } from './scenePlan';
import { StoryChains } from './storyChains';

export interface FleetStoryOptions {
  readonly writer: FleetWriter;
  readonly operator: FleetOperator;
  readonly homePods: HomePods;
  readonly clock: Clock;
  readonly random: Random;
  readonly seed: number;
  readonly scene: DemoScene;
  readonly home: ClusterModel;
}

/**
 * What happens to the fleet after it began, as the scene has it. All trouble passes, and every figure stays near where it
 * began, so that the fleet looks the same after a day. The same seed and the same times give the same story.
 */
export class FleetStory implements Disposable {
  readonly #options: FleetStoryOptions;
  readonly #chains: StoryChains;
  readonly #campaign: Campaign;
  readonly #sandboxes: Sandboxes;
  #scene: DemoScene;
  #step: Disposable | undefined;

  constructor(options: FleetStoryOptions) {
    this.#options = options;
    this.#chains = new StoryChains(options.clock);
    this.#campaign = new Campaign({ ...options, chains: this.#chains });
    this.#sandboxes = new Sandboxes({ ...options, chains: this.#chains });
    this.#scene = options.scene;
  }

  get scene(): DemoScene {
    return this.#scene;
  }

  start(): void {
    this.#scheduleStep();
    this.#sandboxes.start();
  }

  /** From the next step on; trouble that has begun passes as it would have. */
  setScene(scene: DemoScene): void {
    this.#scene = scene;
    this.#campaign.restart();
    if (this.#step !== undefined) {
      this.#chains.cancel(this.#step);
      this.#scheduleStep();
    }
  }

  dispose(): void {
    this.#step = undefined;
    this.#chains.dispose();
  }

  get #plan(): ScenePlan {
    return SCENE_PLANS[this.#scene];
  }

  #scheduleStep(): void {
    const { random, operator } = this.#options;
    const plan = this.#plan;
    this.#step = this.#chains.after(wholeNumber(random, plan.minStepMs, plan.maxStepMs), () => {
      const count = 1 + Math.floor(operator.watched.length / plan.clustersPerOccurrence);
      for (let index = 0; index < count; index += 1) {
        this.#play(pickWeighted(random, plan.occurrences).occurrence);
      }
      if (plan.campaign !== undefined) {
        this.#campaign.proceed(plan.campaign);
      }
      this.#scheduleStep();
    });
  }

  #play(occurrence: Occurrence): void {
    const { random, operator, homePods } = this.#options;
    const cluster = pick(random, operator.watched);
    if (cluster === undefined) {
      return;
    }
    switch (occurrence) {
      case 'rediscovery':
        return operator.report(cluster);
      case 'drift':
        return this.#drift(cluster);
      case 'nodeFlap':
        return this.#flapNode(cluster);
      case 'addonTrouble':
        return this.#troubleAddon(cluster);
      case 'addonUpgrade':
        return this.#upgradeAddon(cluster);
      case 'scaleOut':
        return this.#scaleOut(cluster);
      case 'release':
        return this.#release(cluster);
      case 'lost':
        return this.#lose(cluster);
      case 'podTrouble':
        homePods.complain();
        return operator.report(cluster);
      case 'podRestart':
        homePods.restart();
        return operator.report(cluster);
      default:
        return occurrence satisfies never;
    }
  }

  /** Pods come and go, and what they use with them; in a small fleet half of the time it is a cluster that somebody measures. */
  #drift(chosen: ClusterModel): void {
    const { random, operator, home } = this.#options;
    const cluster = operator.watched.includes(home) && random.next() < 0.5 ? home : chosen;
    const { runningPods, usage } = cluster.blueprint;
    if (!this.#chains.isBusy(cluster)) {
      cluster.runningPods = Math.round(
        drift(random, cluster.runningPods, runningPods, Math.max(2, runningPods * 0.03)),
      );
    }
    if (cluster.usage !== undefined && usage !== undefined) {
      const load = cluster.runningPods / Math.max(1, runningPods);
      cluster.usage.cpuPercent = drift(random, cluster.usage.cpuPercent, usage.cpuPercent * load, 4);
      cluster.usage.memoryPercent = drift(
        random,
        cluster.usage.memoryPercent,
        usage.memoryPercent * load,
        1.5,
      );
    }
    operator.report(cluster);
  }

  #flapNode(cluster: ClusterModel): void {
    const ready = cluster.nodes.filter((candidate) => candidate.ready);
    const node = pick(this.#options.random, this.#mayLoseNodes(cluster) ? ready : []);
    if (node === undefined) {
      return this.#options.operator.report(cluster);
    }
    this.#trouble(
      cluster,
      () => changeNode(cluster, node.name, { ready: false }),
      () => changeNode(cluster, node.name, { ready: true }),
    );
  }

  #troubleAddon(cluster: ClusterModel): void {
    const { random, operator } = this.#options;
    const healthy = cluster.addons.filter((candidate) => candidate.healthy === true);
    const addon = pick(random, healthy);
    if (addon === undefined) {
      return operator.report(cluster);
    }
    this.#trouble(
      cluster,
      () => changeAddon(cluster, addon.name, { healthy: false }),
      () => changeAddon(cluster, addon.name, { healthy: true }),
    );
  }

  #upgradeAddon(cluster: ClusterModel): void {
    const { random, operator } = this.#options;
    const installed = cluster.addons.filter((candidate) => candidate.installed);
    const addon = pick(random, installed);
    if (addon !== undefined) {
      changeAddon(cluster, addon.name, { version: nextPatch(addon) });
    }
    operator.report(cluster);
  }

  /** A node joins for a while. */
  #scaleOut(cluster: ClusterModel): void {
    const { random, operator } = this.#options;
    const { blueprint, nodes } = cluster;
    const pool = blueprint.pools.find((candidate) => candidate.role === 'worker');
    if (pool === undefined || !this.#mayLoseNodes(cluster)) {
      return operator.report(cluster);
    }
    const node = {
      ...createNode(blueprint, pool, nodes.length, random),
      kubeletVersion: nodes[0]?.kubeletVersion ?? cluster.kubernetesVersion,
    };
    this.#trouble(
      cluster,
      () => {
        cluster.nodes = [...cluster.nodes, node];
      },
      () => {
        cluster.nodes = cluster.nodes.filter(({ name }) => name !== node.name);
      },
    );
  }

  #release(cluster: ClusterModel): void {
    const { random, operator } = this.#options;
    const { applications } = cluster.blueprint;
    cluster.applications = Math.max(0, wholeNumber(random, applications - 2, applications + 2));
    operator.report(cluster);
  }

  #lose(cluster: ClusterModel): void {
    this.#trouble(
      cluster,
      () => {
        cluster.isLost = true;
      },
      () => {
        cluster.isLost = false;
      },
    );
  }

  /** Trouble that is over after a while; where there is enough of it already, a plain report. */
  #trouble(cluster: ClusterModel, begin: () => void, end: () => void): void {
    const { operator, random } = this.#options;
    const { maxTroubled, maxTroubledShare, minTroubleMs, maxTroubleMs } = this.#plan;
    const limit = Math.max(maxTroubled, operator.watched.length * maxTroubledShare);
    if (this.#chains.isBusy(cluster) || this.#chains.count - this.#campaign.running >= limit) {
      return operator.report(cluster);
    }
    this.#chains.begin(cluster, [
      { afterMs: 0, run: () => operator.change(cluster, begin) },
      {
        afterMs: wholeNumber(random, minTroubleMs, maxTroubleMs),
        run: () => operator.change(cluster, end),
      },
    ]);
  }

  /** In a calm fleet the nodes of a cluster that is degraded for good stay as they are: people look at it first. */
  #mayLoseNodes(cluster: ClusterModel): boolean {
    return cluster.blueprint.situation === 'ready' || this.#scene === 'storm';
  }
}

/** A random step that is pulled back to `centre` the further it has gone. */
function drift(random: Random, value: number, centre: number, step: number): number {
  return Math.max(0, value + between(random, -step, step) + (centre - value) * 0.15);
}
