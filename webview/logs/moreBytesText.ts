import * as l10n from '@vscode/l10n';
import { countText } from '../../src/texts/countText';
import { formatCount } from '../ui/formatNumber';

/** How much of a line is not here. */
export function moreBytesText(bytes: number): string {
  return countText(bytes, l10n.t('… 1 more byte'), l10n.t('… {0} more bytes', formatCount(bytes)));
}
