import type { ReactElement } from 'react';
import type { SourceState, SourceStatus } from '../../src/protocol/sourceState';
import { asOfText } from '../../src/texts/ageText';
import { listProblemHeadline } from '../../src/texts/problemHeadline';
import { degradedText } from '../../src/texts/routeText';
import { nextTryText, stateText, stateWord } from '../../src/texts/stateText';
import { formatInstant } from './formatInstant';
import { Icon } from './Icon';
import { stateLook } from './stateLook';

export interface StatePillProps {
  readonly status: Pick<SourceStatus, 'state' | 'asOf' | 'route'>;
  /** Wall milliseconds. */
  readonly now: number;
}

/**
 * The state of a source, always the same one as in the tree, with the age of what is shown. Screen readers are told of a
 * new state, not of each second that passes.
 */
export function StatePill({ status, now }: StatePillProps): ReactElement {
  const { state, asOf, route } = status;
  const { icon, tone } = stateLook(state);
  const age = asOf === undefined || !hasAge(state) ? undefined : asOfText(asOf, now);
  const nextTry = nextTryText(state, now);
  const degraded = degradedText(route);
  const hint = asOf === undefined ? undefined : formatInstant(asOf);
  return (
    <span className="pill" title={hint}>
      <Icon id={icon} tone={tone} />
      <output className="sr-only">{stateWord(state)}</output>
      <span className="pill-text" aria-hidden="true">
        {stateText(state, now)}
        {state.type === 'failed' && `: ${listProblemHeadline(state.problem.code)}`}
        {nextTry !== undefined && <span className="muted"> · {nextTry}</span>}
        {degraded !== undefined && <span className="muted"> · {degraded}</span>}
        {age !== undefined && <span className="muted"> · {age}</span>}
      </span>
    </span>
  );
}

/** The age stands beside every state but those that count themselves, or have nothing yet. */
function hasAge(state: SourceState): boolean {
  return state.type !== 'stale' && state.type !== 'syncing' && state.type !== 'connecting';
}
