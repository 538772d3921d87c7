import * as l10n from '@vscode/l10n';
import type { SourceState } from '../../protocol/sourceState';
import type { Phase } from '../../protocol/summaryRow';
import { phaseText } from '../../texts/personaText';
import { alertCountText } from '../../texts/alertText';
import { stateText } from '../../texts/stateText';

export interface SourceRowFacts {
  readonly state: SourceState;
  /** The hub through which it is followed. */
  readonly place: string | undefined;
  /** What a demo cluster plays, where that is worth a word. */
  readonly sceneWord: string | undefined;
  /** The phase of the only persona, where there is one and no other. */
  readonly onlyPhase: Phase | undefined;
  /** Personas that are not well. */
  readonly unhealthyCount: number;
  /** Alerts that last, of the source and its personas. */
  readonly alertCount: number;
  /** Personas that changed while nobody could watch. */
  readonly changedCount: number;
}

/** What stands beside the name of a source, the state first. `now` is wall milliseconds. */
export function sourceRowTexts(facts: SourceRowFacts, now: number): readonly string[] {
  const { state, place, sceneWord, onlyPhase, unhealthyCount, alertCount, changedCount } = facts;
  const health =
    onlyPhase === undefined
      ? unhealthyCount > 0
        ? l10n.t('{0} unhealthy', unhealthyCount)
        : undefined
      : phaseText(onlyPhase);
  const alerts = alertCount > 0 ? alertCountText(alertCount) : undefined;
  const changed = changedCount > 0 ? l10n.t('{0} changed while away', changedCount) : undefined;
  return [stateText(state, now), sceneWord, health, alerts, changed, place].filter(
    (part) => part !== undefined,
  );
}
