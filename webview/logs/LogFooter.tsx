import * as l10n from '@vscode/l10n';
import type { ReactElement } from 'react';
import { countText } from '../../src/texts/countText';
import type { LogSnapshot } from '../realtime/logFollower';
import { DotList } from '../ui/DotList';
import { formatCount } from '../ui/formatNumber';

/** How much there is, how much of it is shown here, and what is no longer there. */
export function LogFooter({ snapshot }: { readonly snapshot: LogSnapshot }): ReactElement {
  const { first, next, lines } = snapshot;
  const held = next - first;
  const parts = [
    countText(held, l10n.t('1 line held'), l10n.t('{0} lines held', formatCount(held))),
    ...(lines.length < held ? [l10n.t('{0} of them here', formatCount(lines.length))] : []),
    first > 0
      ? countText(
          first,
          l10n.t('1 older line was let go'),
          l10n.t('{0} older lines were let go', formatCount(first)),
        )
      : l10n.t('none let go'),
  ];
  return (
    <footer className="footer">
      <DotList items={parts} />
      <span className="footer-hint">{l10n.t('Times are local')}</span>
    </footer>
  );
}
