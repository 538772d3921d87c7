import * as l10n from '@vscode/l10n';
import type { SourceState } from '../../protocol/sourceState';
import { degradedText, routeWord } from '../../texts/routeText';
import { stateText, stateWord } from '../../texts/stateText';
import { routeOf } from '../../remote/connectionStates';
import type { ConnectionState } from '../../transport/connectionState';

/** The connection to a hub in the words and signs that sources have. */
export function asSourceState(state: ConnectionState): SourceState {
  return state.type === 'open' ? { type: 'live' } : state;
}

/** How the connection to a hub is, without what counts time: "live over WebSocket", "degraded: polling", "reconnecting". */
export function connectionWord(state: ConnectionState): string {
  const route = routeOf(state);
  return route === undefined ? stateWord(asSourceState(state)) : liveText(route);
}

/** The same with what counts time. `now` is wall milliseconds. */
export function connectionText(state: ConnectionState, now: number): string {
  const route = routeOf(state);
  return route === undefined ? stateText(asSourceState(state), now) : liveText(route);
}

function liveText(route: NonNullable<ReturnType<typeof routeOf>>): string {
  return degradedText(route) ?? l10n.t('live over {0}', routeWord(route));
}
