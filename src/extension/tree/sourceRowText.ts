import * as l10n from '@vscode/l10n';
import type { SourceRoute, SourceState } from '../../protocol/sourceState';
import type { Phase } from '../../protocol/summaryRow';
import { phaseText } from '../../texts/personaText';
import { alertCountText } from '../../texts/alertText';
import { degradedText } from '../../texts/routeText';
import { stateText } from '../../texts/stateText';

export interface SourceRowFacts {
  readonly state: SourceState;
  /** By which way the hub is reached through which it is followed. */
  readonly route: SourceRoute | undefined;
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
  const { state, route, sceneWord, onlyPhase, unhealthyCount, alertCount, changedCount } = facts;
  const health =
    onlyPhase === undefined
      ? unhealthyCount > 0
        ? l10n.t('{0} unhealthy', unhealthyCount)
        : undefined
      : phaseText(onlyPhase);
  const alerts = alertCount > 0 ? alertCountText(alertCount) : undefined;
  const changed = changedCount > 0 ? l10n.t('{0} changed while away', changedCount) : undefined;
  const degraded = state.type === 'live' ? degradedText(route) : undefined;
  return [stateText(state, now), degraded, sceneWord, health, alerts, changed].filter(
    (part) => part !== undefined,
  );
}
