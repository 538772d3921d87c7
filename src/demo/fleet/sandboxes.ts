import type { Clock } from '../../base/clock';
import { CLUSTER_PERSONAS } from '../apiServer/apiResource';
import type { Random } from '../../base/random';
import { wholeNumber } from '../chance';
import { createCluster } from './clusterModel';
import { sandboxBlueprint } from './fleetBlueprints';
import type { FleetOperator } from './fleetOperator';
import type { FleetWriter } from './fleetWriter';
import type { StoryChains } from './storyChains';

/** The first one comes soon enough for somebody who just looks in. */
const FIRST_MS = 20_000;
const LIFE_MS = 70_000;
const PAUSE_MS = 60_000;

/** Who makes them. */
const CI = 'argocd-controller';

const FIRST_PULL_REQUEST = 1200;
const MAX_PULL_REQUESTS_BETWEEN = 9;

export interface SandboxesOptions {
  readonly writer: FleetWriter;
  readonly operator: FleetOperator;
  readonly clock: Clock;
  readonly random: Random;
  readonly seed: number;
  readonly chains: StoryChains;
}

/** Clusters for the checks of pull requests, one at a time: set up, discovered, gone; and another comes. */
export class Sandboxes {
  readonly #options: SandboxesOptions;
  #pullRequest: number;

  constructor(options: SandboxesOptions) {
    this.#options = options;
    this.#pullRequest = FIRST_PULL_REQUEST + wholeNumber(options.random, 0, 200);
  }

  start(): void {
    this.#options.chains.after(FIRST_MS, () => this.#make());
  }

  #make(): void {
    const { clock, seed, operator, random, chains } = this.#options;
    this.#pullRequest += wholeNumber(random, 1, MAX_PULL_REQUESTS_BETWEEN);
    const blueprint = sandboxBlueprint(this.#pullRequest);
    const uid = operator.setUp(createCluster(blueprint, seed, clock.now(), clock.now()), CI);
    chains.after(LIFE_MS, () => {
      this.#remove(blueprint.name, uid);
      chains.after(PAUSE_MS, () => this.#make());
    });
  }

  /** Only what was made here: somebody may have taken the name. */
  #remove(name: string, uid: string | undefined): void {
    const { writer } = this.#options;
    if (uid !== undefined && writer.get(CLUSTER_PERSONAS, undefined, name)?.metadata.uid === uid) {
      writer.delete(CLUSTER_PERSONAS, undefined, name);
    }
  }
}
