import { SEVERITIES } from '../../src/protocol/alert';
import type { Environment, Health } from '../../src/protocol/summaryRow';
import { compareNames } from '../../src/texts/compareNames';
import { rowName, type FleetRow } from './fleetRows';
import type { FleetColumn, FleetSort } from './fleetState';
import { stateRank } from './stateRank';

/** What needs somebody comes first. */
const HEALTH_RANKS: Readonly<Record<Health, number>> = { error: 0, warning: 1, unknown: 2, ok: 3 };
const ENVIRONMENT_RANKS: Readonly<Record<Environment, number>> = {
  production: 0,
  staging: 1,
  development: 2,
  sandbox: 3,
};
/** Names of what is gone are kept for as long as they are fewer than those of what is there, and these. */
const SPARE_NAMES = 1_000;

/**
 * Puts the rows of a fleet in order. Comparing names as people do is slow, so each name gets a place once, and only those that
 * come later are compared again: a change of figures costs a comparison of numbers.
 */
export class FleetOrder {
  #names: readonly string[] = [];
  #places = new Map<string, number>();

  /** All of `rows`; without `sort` those first that need somebody. Within what is equal by name. */
  sort(rows: readonly FleetRow[], sort: FleetSort | undefined): readonly FleetRow[] {
    this.#place(rows);
    const place = (row: FleetRow): number => this.#places.get(rowName(row)) ?? 0;
    if (sort === undefined) {
      return byNumbers(rows, need, place, false);
    }
    return byNumbers(rows, (row) => valueOf(row, sort.column, place), place, sort.isDescending);
  }

  #place(rows: readonly FleetRow[]): void {
    if (this.#names.length > 2 * rows.length + SPARE_NAMES) {
      this.#names = [];
      this.#places = new Map();
    }
    const fresh = new Set<string>();
    for (const row of rows) {
      const name = rowName(row);
      if (!this.#places.has(name)) {
        fresh.add(name);
      }
    }
    if (fresh.size === 0) {
      return;
    }
    this.#names = merged(this.#names, [...fresh].sort(compareNames));
    this.#places = new Map(this.#names.map((name, place) => [name, place]));
  }
}

/** Two ordered lists as one. */
function merged(held: readonly string[], fresh: readonly string[]): readonly string[] {
  const names: string[] = [];
  let next = 0;
  for (const name of held) {
    for (let other = fresh[next]; other !== undefined && compareNames(other, name) < 0; other = fresh[next]) {
      names.push(other);
      next += 1;
    }
    names.push(name);
  }
  return [...names, ...fresh.slice(next)];
}

/** Rows by a number, then by their place; those without a number come last either way. */
function byNumbers(
  rows: readonly FleetRow[],
  valueOf: (row: FleetRow) => number | undefined,
  placeOf: (row: FleetRow) => number,
  isDescending: boolean,
): readonly FleetRow[] {
  const direction = isDescending ? -1 : 1;
  return rows
    .map((row) => ({ row, value: valueOf(row), place: placeOf(row) }))
    .sort((a, b) => {
      if (a.value === undefined || b.value === undefined) {
        return Number(a.value === undefined) - Number(b.value === undefined) || a.place - b.place;
      }
      return direction * (a.value - b.value) || a.place - b.place;
    })
    .map(({ row }) => row);
}

function need({ cluster, status, alerts }: FleetRow): number {
  const byAlerts = alerts === undefined ? SEVERITIES.length : SEVERITIES.indexOf(alerts.worst);
  const byHealth = cluster === undefined ? 0 : HEALTH_RANKS[cluster.health];
  return (byAlerts * 10 + byHealth) * 10 + (status.state.type === 'live' ? 1 : 0);
}

function valueOf(row: FleetRow, column: FleetColumn, place: (row: FleetRow) => number): number | undefined {
  const { cluster, status, alerts } = row;
  switch (column) {
    case 'name':
      return place(row);
    case 'environment':
      return cluster?.environment === undefined ? undefined : ENVIRONMENT_RANKS[cluster.environment];
    case 'phase':
      return cluster === undefined ? undefined : HEALTH_RANKS[cluster.health];
    case 'nodes':
      return cluster?.nodesTotal;
    case 'addons':
      return cluster?.addonsInstalled;
    case 'applications':
      return cluster?.applications;
    case 'version':
      return cluster?.kubernetesVersion === undefined ? undefined : versionRank(cluster.kubernetesVersion);
    case 'alerts':
      return alerts === undefined ? 0 : alerts.total;
    case 'state':
      return stateRank(status.state);
    default:
      return column satisfies never;
  }
}

/** `v1.34.2+k3s1` as one number; nothing for what is no version. */
function versionRank(version: string): number | undefined {
  const [, major, minor, patch = '0'] = /^v?(\d{1,4})\.(\d{1,4})(?:\.(\d{1,4}))?/.exec(version) ?? [];
  return major === undefined || minor === undefined
    ? undefined
    : (Number(major) * 10_000 + Number(minor)) * 10_000 + Number(patch);
}
