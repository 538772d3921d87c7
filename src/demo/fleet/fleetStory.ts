import type { Clock } from '../../base/clock';
import type { Disposable } from '../../base/disposable';
import { between, type Random } from '../../base/random';
import { CLUSTER_PERSONAS } from '../apiServer/apiResource';
import { pick, pickWeighted, wholeNumber } from '../chance';
import type { DemoScene } from '../demoScene';
import { changeAddon, changeNode } from './clusterChange';
import { createCluster, createNode, type AddonModel, type ClusterModel } from './clusterModel';
import { sandboxBlueprint } from './fleetBlueprints';
import type { FleetOperator } from './fleetOperator';
import type { FleetWriter } from './fleetWriter';
import type { HomePods } from './homePods';
import { upgradeSteps } from './kubernetesUpgrade';
import { outageSteps } from './outage';
import { personaObject } from './personaObject';
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

/** The first sandbox comes soon enough for somebody who just looks in. */
const FIRST_SANDBOX_MS = 20_000;
const SANDBOX_PAUSE_MS = 60_000;
const SANDBOX_LIFE_MS = 70_000;

/** Who makes sandboxes. */
const CI = 'argocd-controller';

/** An add-on goes through this many patch versions before it is set back to the first: there is no end to a story. */
const MAX_PATCHES = 3;

const MIN_OUTAGE_PAUSE_MS = 6000;
const MAX_OUTAGE_PAUSE_MS = 20_000;

/** How often an outage hits the cluster whose nodes, pods and events can be seen. */
const HOME_OUTAGE_CHANCE = 0.3;

/** Upgrades at once: two, and one more for each so many clusters. */
const MIN_UPGRADES = 2;
const CLUSTERS_PER_UPGRADE = 250;

/**
 * What happens to the fleet after it began, as the scene has it. All trouble passes, and every figure stays near where it
 * began, so that the fleet looks the same after a day. The same seed and the same times give the same story.
 */
export class FleetStory implements Disposable {
  readonly #options: FleetStoryOptions;
  readonly #chains: StoryChains;
  #scene: DemoScene;
  #step: Disposable | undefined;
  /** Clusters that the campaign still has to go to in this round. */
  #round: ClusterModel[] = [];
  #campaigns = 0;
  #nextCampaignMs = 0;
  #pullRequest: number;

  constructor(options: FleetStoryOptions) {
    this.#options = options;
    this.#chains = new StoryChains(options.clock);
    this.#scene = options.scene;
    this.#pullRequest = wholeNumber(options.random, 1200, 1400);
  }

  get scene(): DemoScene {
    return this.#scene;
  }

  start(): void {
    this.#scheduleStep();
    this.#chains.after(FIRST_SANDBOX_MS, () => this.#makeSandbox());
  }

  /** From the next step on; trouble that has begun passes as it would have. */
  setScene(scene: DemoScene): void {
    this.#scene = scene;
    this.#round = [];
    this.#nextCampaignMs = 0;
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
      this.#campaign();
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

  /** Pods come and go; in a small fleet half of the time it is a cluster that somebody measures. */
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
      cluster.usage.cpuPercent = drift(random, cluster.usage.cpuPercent, usage.cpuPercent, 4);
      cluster.usage.memoryPercent = drift(random, cluster.usage.memoryPercent, usage.memoryPercent, 1.5);
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
    if (this.#chains.isBusy(cluster) || this.#chains.count - this.#campaigns >= limit) {
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

  /** The next cluster of an outage or an upgrade that goes round, where one is due. */
  #campaign(): void {
    const { clock, random, operator } = this.#options;
    const { campaign } = this.#plan;
    const limit =
      campaign === 'upgrade' ? MIN_UPGRADES + Math.floor(operator.watched.length / CLUSTERS_PER_UPGRADE) : 1;
    if (campaign === undefined || this.#campaigns >= limit || clock.monotonic() < this.#nextCampaignMs) {
      return;
    }
    const cluster = this.#nextInRound(campaign);
    if (cluster === undefined) {
      return;
    }
    const steps = campaign === 'upgrade' ? upgradeSteps : outageSteps;
    this.#campaigns += 1;
    this.#chains.begin(
      cluster,
      steps(cluster, random, (run) => operator.change(cluster, run)),
      () => {
        this.#campaigns -= 1;
        this.#nextCampaignMs =
          clock.monotonic() +
          (campaign === 'outage' ? wholeNumber(random, MIN_OUTAGE_PAUSE_MS, MAX_OUTAGE_PAUSE_MS) : 0);
      },
    );
  }

  /** One that is not busy, by chance, each once in a round; an outage comes back to the home cluster more often. */
  #nextInRound(campaign: 'outage' | 'upgrade'): ClusterModel | undefined {
    const { random, operator, home } = this.#options;
    const isFit = (cluster: ClusterModel): boolean =>
      cluster.nodes.length > 0 && !this.#chains.isBusy(cluster) && operator.watched.includes(cluster);
    if (campaign === 'outage' && random.next() < HOME_OUTAGE_CHANCE && isFit(home)) {
      return home;
    }
    if (this.#round.length === 0) {
      this.#round = [...operator.watched];
    }
    const cluster = pick(random, this.#round);
    this.#round = this.#round.filter((candidate) => candidate !== cluster);
    return cluster !== undefined && isFit(cluster) ? cluster : undefined;
  }

  /** In a calm fleet the nodes of a cluster that is degraded for good stay as they are: people look at it first. */
  #mayLoseNodes(cluster: ClusterModel): boolean {
    return cluster.blueprint.situation === 'ready' || this.#scene === 'storm';
  }

  /** First nobody knows anything of it, then it is discovered, then it is gone; and another comes. */
  #makeSandbox(): void {
    const { clock, seed, writer, random } = this.#options;
    this.#pullRequest += wholeNumber(random, 1, 9);
    const sandbox = createCluster(sandboxBlueprint(this.#pullRequest), seed, clock.now(), clock.now());
    const { name } = sandbox.blueprint;
    sandbox.lastDiscoveryMs = undefined;
    writer.create(CLUSTER_PERSONAS, personaObject(sandbox), CI);
    this.#chains.after(SANDBOX_LIFE_MS, () => {
      writer.delete(CLUSTER_PERSONAS, undefined, name);
      this.#chains.after(SANDBOX_PAUSE_MS, () => this.#makeSandbox());
    });
  }
}

/** A random step that is pulled back to `centre` the further it has gone. */
function drift(random: Random, value: number, centre: number, step: number): number {
  return Math.max(0, value + between(random, -step, step) + (centre - value) * 0.15);
}

function nextPatch({ version, firstVersion }: AddonModel): string | undefined {
  const [, head, patch] = /^(.*\.)(\d+)$/.exec(version ?? '') ?? [];
  const [, , firstPatch] = /^(.*\.)(\d+)$/.exec(firstVersion ?? '') ?? [];
  const isLast = Number(patch) >= Number(firstPatch) + MAX_PATCHES;
  return head === undefined || isLast ? firstVersion : `${head}${Number(patch) + 1}`;
}
