import { rowName, type FleetRow } from './fleetRows';

/** What a term of a filter may begin with. */
export type FilterKey = 'env' | 'phase' | 'state' | 'has' | 'source';

const KEYS: ReadonlySet<string> = new Set<FilterKey>(['env', 'phase', 'state', 'has', 'source']);

interface Filter {
  /** Lower case; all of them have to be in a row. */
  readonly words: readonly string[];
  /** Lower case, by key; one of each key has to fit. */
  readonly terms: ReadonlyMap<FilterKey, readonly string[]>;
}

/** A filter is words, and terms like `env:production`, `phase:degraded`, `state:stale`, `source:demo` or `has:alerts`. */
export function parseFilter(text: string): Filter {
  const words: string[] = [];
  const terms = new Map<FilterKey, string[]>();
  for (const word of text.toLowerCase().split(/\s+/)) {
    const colon = word.indexOf(':');
    const key = word.slice(0, Math.max(0, colon));
    const value = word.slice(colon + 1);
    if (isKey(key) && value !== '') {
      terms.set(key, [...(terms.get(key) ?? []), value]);
    } else if (word !== '') {
      words.push(word);
    }
  }
  return { words, terms };
}

function isKey(key: string): key is FilterKey {
  return KEYS.has(key);
}

/** Whether a filter names `key:value`. */
export function hasTerm(text: string, key: FilterKey, value: string): boolean {
  return parseFilter(text).terms.get(key)?.includes(value.toLowerCase()) === true;
}

/** The filter with that term, or without it where it has it. */
export function toggledTerm(text: string, key: FilterKey, value: string): string {
  const term = `${key}:${value.toLowerCase()}`;
  const words = text.split(/\s+/).filter((word) => word !== '');
  const without = words.filter((word) => word.toLowerCase() !== term);
  return (without.length < words.length ? without : [...words, term]).join(' ');
}

/** What is looked through, made once for each state of a row. */
const texts = new WeakMap<FleetRow, string>();

function textOf(row: FleetRow): string {
  let text = texts.get(row);
  if (text === undefined) {
    const { cluster, status } = row;
    text = [rowName(row), cluster?.displayName, status.label, cluster?.kubernetesVersion]
      .filter((part) => part !== undefined)
      .join('\n')
      .toLowerCase();
    texts.set(row, text);
  }
  return text;
}

export function fits(row: FleetRow, { words, terms }: Filter): boolean {
  const text = words.length === 0 ? '' : textOf(row);
  return (
    words.every((word) => text.includes(word)) &&
    [...terms].every(([key, values]) => values.some((value) => fitsTerm(row, key, value)))
  );
}

function fitsTerm({ cluster, status, alerts }: FleetRow, key: FilterKey, value: string): boolean {
  switch (key) {
    case 'env':
      return cluster?.environment?.startsWith(value) === true;
    case 'phase':
      return cluster?.phase.toLowerCase().startsWith(value) === true;
    case 'state':
      return status.state.type.toLowerCase().startsWith(value);
    case 'source':
      return status.label.toLowerCase().includes(value) || status.source === value;
    case 'has':
      return 'alerts'.startsWith(value) && alerts !== undefined;
    default:
      return key satisfies never;
  }
}
