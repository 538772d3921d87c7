import type { Clock } from '../../base/clock';
import type { Random } from '../../base/random';
import { pick, wholeNumber } from '../chance';
import type { ClusterModel } from './clusterModel';
import type { FleetOperator } from './fleetOperator';
import { upgradeSteps } from './kubernetesUpgrade';
import { outageSteps } from './outage';
import type { ScenePlan } from './scenePlan';
import type { StoryChains } from './storyChains';

type CampaignKind = NonNullable<ScenePlan['campaign']>;

const MIN_OUTAGE_PAUSE_MS = 6000;
const MAX_OUTAGE_PAUSE_MS = 20_000;

/** How often an outage hits the cluster whose nodes, pods and events can be seen. */
const HOME_OUTAGE_CHANCE = 0.3;

/** Upgrades at once: two, and one more for each so many clusters. */
const MIN_UPGRADES = 2;
const CLUSTERS_PER_UPGRADE = 250;

export interface CampaignOptions {
  readonly operator: FleetOperator;
  readonly chains: StoryChains;
  readonly clock: Clock;
  readonly random: Random;
  readonly home: ClusterModel;
}

/** What goes from cluster to cluster until all had it, and then round again: outages or upgrades. */
export class Campaign {
  readonly #options: CampaignOptions;
  /** Clusters that it still has to go to in this round. */
  #round: ClusterModel[] = [];
  #running = 0;
  #nextMs = 0;

  constructor(options: CampaignOptions) {
    this.#options = options;
  }

  /** Clusters that it is at. */
  get running(): number {
    return this.#running;
  }

  /** Begins a new round; where it is now it goes on to its end. */
  restart(): void {
    this.#round = [];
    this.#nextMs = 0;
  }

  /** Goes to the next cluster if it is time for one. */
  proceed(kind: CampaignKind): void {
    const { clock, random, operator, chains } = this.#options;
    if (this.#running >= this.#limit(kind) || clock.monotonic() < this.#nextMs) {
      return;
    }
    const cluster = this.#nextInRound(kind);
    if (cluster === undefined) {
      return;
    }
    const steps = kind === 'upgrade' ? upgradeSteps : outageSteps;
    this.#running += 1;
    chains.begin(
      cluster,
      steps(cluster, random, (run) => operator.change(cluster, run)),
      () => {
        this.#running -= 1;
        this.#nextMs = clock.monotonic() + this.#pauseMs(kind);
      },
    );
  }

  #limit(kind: CampaignKind): number {
    const { length } = this.#options.operator.watched;
    return kind === 'upgrade' ? MIN_UPGRADES + Math.floor(length / CLUSTERS_PER_UPGRADE) : 1;
  }

  #pauseMs(kind: CampaignKind): number {
    return kind === 'outage'
      ? wholeNumber(this.#options.random, MIN_OUTAGE_PAUSE_MS, MAX_OUTAGE_PAUSE_MS)
      : 0;
  }

  /** One that is not busy, by chance, each once in a round; an outage comes back to the home cluster more often. */
  #nextInRound(kind: CampaignKind): ClusterModel | undefined {
    const { random, operator, chains, home } = this.#options;
    const isFit = (cluster: ClusterModel): boolean =>
      cluster.nodes.length > 0 && !chains.isBusy(cluster) && operator.watched.includes(cluster);
    if (kind === 'outage' && random.next() < HOME_OUTAGE_CHANCE && isFit(home)) {
      return home;
    }
    if (this.#round.length === 0) {
      this.#round = [...operator.watched];
    }
    const cluster = pick(random, this.#round);
    this.#round = this.#round.filter((candidate) => candidate !== cluster);
    return cluster !== undefined && isFit(cluster) ? cluster : undefined;
  }
}
