import { seededRandom, type Random } from '../../base/random';
import type { PersonaSpec } from '../../persona/personaSpec';
import { pick, pickWeighted, seedOf, wholeNumber } from '../chance';
import {
  CONVENTIONS,
  DEFAULTS,
  LAX_POLICIES,
  QUOTAS,
  STANDARD_POLICIES,
  STRICT_POLICIES,
  UNCHECKED,
} from './acmeStandards';
import type { ClusterBlueprint, NodePool, Situation } from './clusterBlueprint';
import { ADDON_SETS, CLUSTER_SITES, type ClusterSite } from './clusterSites';

type Environment = NonNullable<PersonaSpec['environment']>;

interface Stage {
  readonly environment: Environment;
  /** In names. */
  readonly short: string;
  readonly title: string;
  readonly weight: number;
  readonly spec: Omit<PersonaSpec, 'name' | 'description' | 'environment'>;
}

const STAGES: readonly [Stage, ...Stage[]] = [
  {
    environment: 'production',
    short: 'prod',
    title: 'production',
    weight: 46,
    spec: { policies: STRICT_POLICIES, conventions: CONVENTIONS },
  },
  {
    environment: 'staging',
    short: 'stg',
    title: 'staging',
    weight: 24,
    spec: { policies: STANDARD_POLICIES, defaults: DEFAULTS },
  },
  {
    environment: 'development',
    short: 'dev',
    title: 'development',
    weight: 24,
    spec: { policies: LAX_POLICIES, resourceQuotas: QUOTAS },
  },
  { environment: 'sandbox', short: 'sbx', title: 'sandbox', weight: 6, spec: { policies: LAX_POLICIES } },
];

interface Team {
  readonly name: string;
  readonly work: string;
}

const TEAMS: readonly Team[] = [
  { name: 'payments', work: 'Payments and refunds' },
  { name: 'shop', work: 'Shop front and catalog' },
  { name: 'orders', work: 'Orders and returns' },
  { name: 'search', work: 'Search and recommendations' },
  { name: 'data', work: 'Event pipeline and reporting' },
  { name: 'ml', work: 'Notebooks and training jobs' },
  { name: 'identity', work: 'Sign-in and accounts' },
  { name: 'logistics', work: 'Warehouses and delivery' },
  { name: 'media', work: 'Pictures and video' },
  { name: 'platform', work: 'Internal tools and build runners' },
];

const SITUATIONS: readonly [SituationChoice, ...SituationChoice[]] = [
  { situation: 'ready', weight: 920 },
  { situation: 'degraded', weight: 45 },
  { situation: 'unknown', weight: 20 },
  { situation: 'undiscovered', weight: 15 },
];

interface SituationChoice {
  readonly situation: Situation;
  readonly weight: number;
}

/** Most clusters measure no use, as most operators have no metrics to read. */
const MEASURED_SHARE = 0.12;

/**
 * `count` clusters that are made up from the seed, each with a name of its own, none of `taken`. Of the same seed the first
 * ones are the same for every count.
 */
export function generatedBlueprints(
  seed: number,
  count: number,
  taken: ReadonlySet<string>,
): readonly ClusterBlueprint[] {
  const random = seededRandom(seedOf(`${seed}/fleet`));
  /** How many clusters each name stem has. */
  const numbers = new Map<string, number>();
  const blueprints: ClusterBlueprint[] = [];
  while (blueprints.length < count) {
    const blueprint = generatedBlueprint(random, numbers);
    if (!taken.has(blueprint.name)) {
      blueprints.push(blueprint);
    }
  }
  return blueprints;
}

function generatedBlueprint(random: Random, numbers: Map<string, number>): ClusterBlueprint {
  const stage = pickWeighted(random, STAGES);
  const site = pickWeighted(random, CLUSTER_SITES);
  const team = pick(random, TEAMS) ?? { name: 'platform', work: '' };
  const stem = `${team.name}-${stage.short}-${site.region}`;
  const number = (numbers.get(stem) ?? 0) + 1;
  numbers.set(stem, number);
  const pools = pick(random, site.pools) ?? [];
  const nodes = pools.reduce((sum, pool) => sum + pool.count, 0);
  const applications = wholeNumber(random, nodes, nodes * 5);
  return {
    name: `${stem}-${number}`,
    labels: labelsOf(site, team, stage),
    spec: {
      name: `${capitalized(team.name)} ${stage.title}, ${site.city} ${number}`,
      description: `${team.work}, ${site.city}`,
      environment: stage.environment,
      ...stage.spec,
    },
    platform: site.platform,
    region: site.region,
    kubernetesVersion: pick(random, site.versions) ?? '1.34.2',
    pools,
    addons: pick(random, ADDON_SETS) ?? {},
    uncheckedAddons: UNCHECKED,
    isTerse: true,
    namespaces: wholeNumber(random, 6, 12 + nodes * 4),
    applications,
    runningPods: nodes * wholeNumber(random, 12, 42),
    situation: pickWeighted(random, SITUATIONS).situation,
    ...(random.next() < MEASURED_SHARE && {
      usage: { cpuPercent: wholeNumber(random, 12, 68), memoryPercent: wholeNumber(random, 30, 82) },
    }),
  };
}

const labelSets = new Map<string, Readonly<Record<string, string>>>();

function labelsOf(site: ClusterSite, team: Team, stage: Stage): Readonly<Record<string, string>> {
  const key = `${site.area}/${team.name}/${stage.short}`;
  const known = labelSets.get(key);
  const labels = known ?? { region: site.area, team: team.name, stage: stage.short };
  labelSets.set(key, labels);
  return labels;
}

/** A small cluster for a persona that somebody made: the same for the same seed and name. */
export function discoveredBlueprint(seed: number, name: string): ClusterBlueprint {
  const random = seededRandom(seedOf(`${seed}/discovered/${name}`));
  const site = pickWeighted(random, CLUSTER_SITES);
  const size = site.pools.map(sizeOf);
  const pools = site.pools[size.indexOf(Math.min(...size))] ?? [];
  const nodes = sizeOf(pools);
  return {
    name,
    spec: { name },
    platform: site.platform,
    region: site.region,
    kubernetesVersion: pick(random, site.versions) ?? '1.34.2',
    pools,
    addons: pick(random, ADDON_SETS) ?? {},
    uncheckedAddons: UNCHECKED,
    namespaces: wholeNumber(random, 5, 14),
    applications: wholeNumber(random, 0, 9),
    runningPods: nodes * wholeNumber(random, 8, 20),
    situation: 'ready',
  };
}

function sizeOf(pools: readonly NodePool[]): number {
  return pools.reduce((sum, pool) => sum + pool.count, 0);
}

function capitalized(word: string): string {
  return word.length <= 2 ? word.toUpperCase() : `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`;
}
