import * as l10n from '@vscode/l10n';

/** Said beside alerts of a source of which nothing is heard. */
export function mayHaveEndedText(): string {
  return l10n.t('Not live: what is listed here may have ended.');
}
