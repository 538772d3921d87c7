import * as l10n from '@vscode/l10n';
import type { KeyboardEvent, ReactElement, RefObject } from 'react';
import { PHASES, type Environment } from '../../src/protocol/summaryRow';
import { countText } from '../../src/texts/countText';
import { environmentText, phaseText } from '../../src/texts/personaText';
import { stateWord } from '../../src/texts/stateText';
import { DotList } from '../ui/DotList';
import { formatCount } from '../ui/formatNumber';
import { Icon } from '../ui/Icon';
import { hasTerm, toggledTerm, type FilterKey } from './fleetFilter';
import type { FleetRow } from './fleetRows';
import { stateRank } from './stateRank';

export interface FleetHeadProps {
  /** All there are, whether they fit the filter or not. */
  readonly rows: readonly FleetRow[];
  readonly filter: string;
  readonly onFilter: (filter: string) => void;
  readonly input: RefObject<HTMLInputElement | null>;
  /** The keyboard goes on in the list. */
  readonly onLeave: () => void;
}

/** What people live from comes first. */
const ENVIRONMENTS: readonly Environment[] = ['production', 'staging', 'development', 'sandbox'];

interface Chip {
  readonly key: FilterKey;
  readonly value: string;
  readonly text: string;
  readonly count: number;
  readonly icon?: string;
}

/** How the fleet is in a line, and what to look at of it. */
export function FleetHead(props: FleetHeadProps): ReactElement {
  const { rows, filter, onFilter, input, onLeave } = props;
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' && filter !== '') {
      event.preventDefault();
      event.stopPropagation();
      onFilter('');
    } else if (event.key === 'Escape' || event.key === 'ArrowDown' || event.key === 'Enter') {
      event.preventDefault();
      event.stopPropagation();
      onLeave();
    }
  };
  return (
    <header className="fleet-head">
      <div className="fleet-title">
        <h1>{l10n.t('Clusters')}</h1>
        <span className="muted">
          <DotList items={summary(rows)} />
        </span>
      </div>
      <div className="fleet-toolbar">
        <input
          ref={input}
          type="search"
          className="input fleet-filter"
          value={filter}
          aria-label={l10n.t('Filter')}
          aria-keyshortcuts="/"
          placeholder={l10n.t('Filter: text, env:production, has:alerts')}
          spellCheck={false}
          onChange={(event) => onFilter(event.target.value)}
          onKeyDown={onKeyDown}
        />
        {chipsOf(rows)
          .filter(({ key, value, count }) => count > 0 || hasTerm(filter, key, value))
          .map(({ key, value, text, count, icon }) => (
            <button
              key={`${key}:${value}`}
              type="button"
              className={`chip chip-${value.toLowerCase()}`}
              aria-pressed={hasTerm(filter, key, value)}
              onClick={() => onFilter(toggledTerm(filter, key, value))}
            >
              {icon !== undefined && <Icon id={icon} />}
              {text} <span className="chip-count">{formatCount(count)}</span>
            </button>
          ))}
      </div>
    </header>
  );
}

/** How many there are, and in which states; the worst last, where the eye comes to rest. */
function summary(rows: readonly FleetRow[]): readonly string[] {
  const clusters = rows.filter(({ cluster }) => cluster !== undefined).length;
  const states = Map.groupBy(rows, ({ status }) => status.state.type);
  return [
    countText(clusters, l10n.t('1 cluster'), l10n.t('{0} clusters', formatCount(clusters))),
    ...[...states.values()]
      .flatMap((group) => {
        const [first] = group;
        return first === undefined ? [] : [{ state: first.status.state, count: group.length }];
      })
      .toSorted((a, b) => stateRank(b.state) - stateRank(a.state))
      .map(({ state, count }) => l10n.t('{0} {1}', formatCount(count), stateWord(state))),
  ];
}

function chipsOf(rows: readonly FleetRow[]): readonly Chip[] {
  const count = (fits: (row: FleetRow) => boolean): number =>
    rows.reduce((sum, row) => sum + (fits(row) ? 1 : 0), 0);
  return [
    ...ENVIRONMENTS.map((environment) => ({
      key: 'env' as const,
      value: environment,
      text: environmentText(environment),
      count: count(({ cluster }) => cluster?.environment === environment),
    })),
    ...PHASES.filter((phase) => phase !== 'Ready').map((phase) => ({
      key: 'phase' as const,
      value: phase,
      text: phaseText(phase),
      count: count(({ cluster }) => cluster?.phase === phase),
    })),
    {
      key: 'has',
      value: 'alerts',
      text: l10n.t('has alerts'),
      count: count(({ alerts }) => alerts !== undefined),
      icon: 'warning',
    },
  ];
}
