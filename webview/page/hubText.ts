import * as l10n from '@vscode/l10n';
import type { ConnectionState } from '../../src/transport/connectionState';
import { spanText } from '../../src/texts/ageText';
import type { IconProps } from '../ui/Icon';

/** How the page stands with its hub, in a few words. `now` is wall milliseconds. */
export function hubStateText(state: ConnectionState, now: number): string {
  switch (state.type) {
    case 'open':
      return l10n.t('connected');
    case 'idle':
    case 'connecting':
      return l10n.t('connecting');
    case 'reconnecting':
      return state.retryAt > now
        ? l10n.t('reconnecting in {0}', spanText(Math.ceil((state.retryAt - now) / 1_000) * 1_000))
        : l10n.t('reconnecting');
    case 'unauthorized':
    case 'forbidden':
      return l10n.t('not signed in');
    case 'failed':
      return l10n.t('failed');
    default:
      return state satisfies never;
  }
}

export function hubStateIcon(state: ConnectionState): IconProps {
  switch (state.type) {
    case 'open':
      return { id: 'circle-large-filled', tone: 'ok' };
    case 'idle':
    case 'connecting':
      return { id: 'sync~spin', tone: 'plain' };
    case 'reconnecting':
      return { id: 'debug-disconnect', tone: 'warning' };
    case 'unauthorized':
    case 'forbidden':
      return { id: 'key', tone: 'warning' };
    case 'failed':
      return { id: 'error', tone: 'error' };
    default:
      return state satisfies never;
  }
}
