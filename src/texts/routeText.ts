import * as l10n from '@vscode/l10n';
import type { SourceRoute } from '../protocol/sourceState';

/** How a hub is reached, in a word. */
export function routeWord({ type }: SourceRoute): string {
  switch (type) {
    case 'webSocket':
      return 'WebSocket';
    case 'stream':
      return 'SSE';
    case 'polling':
      return l10n.t('polling');
    default:
      return type satisfies never;
  }
}

/** That a hub is not reached by the best way; undefined where it is. */
export function degradedText(route: SourceRoute | undefined): string | undefined {
  return route?.problem === undefined ? undefined : l10n.t('degraded: {0}', routeWord(route));
}

/** By which way what is shown comes, and why not by a better one. */
export function routeText(route: SourceRoute): string {
  const word = routeWord(route);
  return route.problem === undefined
    ? l10n.t('over {0}', word)
    : l10n.t('over {0}, since nothing better gets through: {1}', word, route.problem.detail);
}
