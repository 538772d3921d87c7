import * as l10n from '@vscode/l10n';
import type { LetGo } from '../../src/protocol/podLog';
import { countText } from '../../src/texts/countText';
import { formatCount } from '../ui/formatNumber';

/** How many older lines are held no more, and which bounds they reached; undefined where none was let go. */
export function letGoText({ age, stream, total, disk = 0 }: LetGo): string | undefined {
  const lines = age + stream + total + disk;
  if (lines === 0) {
    return undefined;
  }
  const bounds = [
    ...(age > 0 ? [l10n.t('their age')] : []),
    ...(stream > 0 ? [l10n.t('the size of one log')] : []),
    ...(total > 0 ? [l10n.t('the size of all logs')] : []),
    ...(disk > 0 ? [l10n.t('what the disk takes')] : []),
  ];
  return countText(
    lines,
    l10n.t('1 older line was let go for {0}', bounds.join(', ')),
    l10n.t('{0} older lines were let go for {1}', formatCount(lines), bounds.join(', ')),
  );
}
