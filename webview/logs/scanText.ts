import * as l10n from '@vscode/l10n';
import type { LogScan } from '../../src/protocol/logView';

/** How far a filter or a search is while it is not through; undefined once every line was looked at. */
export function scanText({ lines, of, problem }: LogScan): string | undefined {
  if (problem !== undefined || lines >= of) {
    return undefined;
  }
  return l10n.t('{0} % looked through', Math.floor((lines / of) * 100));
}

/** Why a filter or a search goes no further: the expression takes too long, or cannot be understood. */
export function scanFault(scan: LogScan | undefined): string | undefined {
  if (scan?.problem === undefined) {
    return undefined;
  }
  const { code, detail } = scan.problem;
  return code === 'badRequest'
    ? l10n.t('This expression takes too long, so that not every line was looked at. Make it simpler.')
    : l10n.t('Not every line could be looked at: {0}', detail);
}
