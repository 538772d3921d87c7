import * as l10n from '@vscode/l10n';
import type { LogViewStatus } from '../realtime/openLogView';

/** How the logs of one pod are, in a word; the worst where they differ. */
export function streamStateText(streams: LogViewStatus['streams']): string {
  const has = (type: LogViewStatus['streams'][number]['state']['type']): boolean =>
    streams.some(({ state }) => state.type === type);
  const reason = streams.find((stream) => stream.reason !== undefined)?.reason;
  if (reason !== undefined) {
    return reason;
  }
  if (has('failed')) {
    return l10n.t('failed');
  }
  if (streams.length > 0 && streams.every(({ isGone }) => isGone === true)) {
    return l10n.t('gone');
  }
  if (has('waiting')) {
    return l10n.t('waiting');
  }
  if (has('connecting')) {
    return l10n.t('connecting');
  }
  return has('following') ? l10n.t('following') : l10n.t('ended');
}
