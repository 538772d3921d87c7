import * as l10n from '@vscode/l10n';
import type { ReactElement } from 'react';
import { countText } from '../../src/texts/countText';
import type { SourceStatus } from '../../src/protocol/sourceState';
import type { LogSnapshot } from '../realtime/logFollower';
import { Now } from '../realtime/Now';
import { DotList } from '../ui/DotList';
import { formatCount } from '../ui/formatNumber';
import { FreshnessLine } from '../ui/FreshnessLine';

export interface LogFooterProps {
  readonly snapshot: LogSnapshot;
  /** Of the source that the log is from. */
  readonly status: SourceStatus | undefined;
}

/** How much there is, how much of it is shown here, what is no longer there, and how its cluster stands. */
export function LogFooter({ snapshot, status }: LogFooterProps): ReactElement {
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
      {status !== undefined && <Now>{(now) => <FreshnessLine status={status} now={now} />}</Now>}
      <span className="footer-hint">{l10n.t('Times are local')}</span>
    </footer>
  );
}
