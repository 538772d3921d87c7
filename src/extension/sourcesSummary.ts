import * as l10n from '@vscode/l10n';
import type { AlertCounts } from '../hub/alerts/alertCounts';
import type { SourceState, SourceStatus } from '../protocol/sourceState';
import { alertCountText } from '../texts/alertText';
import { freshnessTexts } from '../texts/freshnessText';
import { listProblemHeadline } from '../texts/problemHeadline';
import { stateText, stateWord } from '../texts/stateText';
import { severityIconId } from './severityIconId';
import { problemOf } from './sourceFacts';

/** All connected sources at a glance. */
export interface SourcesSummary {
  /** Name of a codicon. */
  readonly icon: string;
  /** "11 live, 1 reconnecting". */
  readonly text: string;
  /** Whether something that is shown may not be true any more, or cannot be shown. */
  readonly isWarning: boolean;
}

type StateType = SourceState['type'];

/** What is live comes first, then what is on its way, then what is not true any more. */
const ORDER: Readonly<Record<StateType, number>> = {
  idle: 0,
  live: 1,
  connecting: 2,
  syncing: 3,
  reconnecting: 4,
  stale: 5,
  unauthorized: 6,
  forbidden: 7,
  notInstalled: 8,
  failed: 9,
  paused: 10,
};
const COMING: ReadonlySet<StateType> = new Set(['connecting', 'syncing']);
const FINE: ReadonlySet<StateType> = new Set(['idle', 'live', 'connecting', 'syncing', 'paused']);

/** A tooltip with more lines is higher than the window, and whoever draws it reads all of them. */
const MAX_LINES = 20;

/** Which sources a tooltip has a line for, what is not true any more first, and how many it leaves out. */
export function sourcesAtAGlance(statuses: readonly SourceStatus[]): {
  readonly shown: readonly SourceStatus[];
  readonly more: number;
} {
  if (statuses.length <= MAX_LINES) {
    return { shown: statuses, more: 0 };
  }
  const urgency = ({ state }: SourceStatus): number =>
    FINE.has(state.type) ? (COMING.has(state.type) ? 1 : 2) : 0;
  const shown: SourceStatus[] = [];
  for (const wanted of [0, 1, 2]) {
    for (const status of statuses) {
      if (shown.length < MAX_LINES && urgency(status) === wanted) {
        shown.push(status);
      }
    }
  }
  return { shown, more: statuses.length - shown.length };
}

/** Counts sources by the word that their rows and panels have for their state; those that are not connected are left out. */
export function summarizeSources(statuses: readonly SourceStatus[]): SourcesSummary {
  const states = statuses.map(({ state }) => state).filter(({ type }) => type !== 'idle');
  if (states.length === 0) {
    return { icon: 'plug', text: l10n.t('no cluster'), isWarning: false };
  }
  const byType = Map.groupBy(
    states.toSorted((a, b) => ORDER[a.type] - ORDER[b.type]),
    ({ type }) => type,
  );
  const parts = [...byType.values()].flatMap(([first, ...more]) =>
    first === undefined ? [] : [l10n.t('{0} {1}', more.length + 1, stateWord(first))],
  );
  const isWarning = states.some(({ type }) => !FINE.has(type));
  const isComing = states.some(({ type }) => COMING.has(type));
  const icon = isWarning
    ? byType.has('live')
      ? 'warning'
      : 'debug-disconnect'
    : isComing
      ? 'sync~spin'
      : 'pulse';
  return { icon, text: parts.join(', '), isWarning };
}

/** Alerts come before everything else, and the worst of all is the sign: trouble of a connection is more than an info. */
export function withAlerts(summary: SourcesSummary, { total, worst }: AlertCounts): SourcesSummary {
  return worst === undefined
    ? summary
    : {
        ...summary,
        icon: worst === 'info' && summary.isWarning ? summary.icon : severityIconId(worst),
        text: `${alertCountText(total)} · ${summary.text}`,
      };
}

/** One source in one line: its state, why it is not live, and how true its data is. `now` is wall milliseconds. */
export function sourceLine(status: SourceStatus, now: number): string {
  const { label, state } = status;
  const problem = problemOf(state);
  const facts = [
    stateText(state, now),
    ...(problem === undefined ? [] : [listProblemHeadline(problem.code)]),
    ...freshnessTexts(status, now),
  ];
  return `${label}: ${facts.join(' · ')}`;
}
