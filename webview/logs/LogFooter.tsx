import * as l10n from '@vscode/l10n';
import type { ReactElement } from 'react';
import { countText } from '../../src/texts/countText';
import type { SourceStatus } from '../../src/protocol/sourceState';
import type { LogWindowSnapshot } from '../realtime/logWindow';
import { Now } from '../realtime/Now';
import type { LogViewStatus } from '../realtime/openLogView';
import { DotList } from '../ui/DotList';
import { formatBytes, formatCount } from '../ui/formatNumber';
import { FreshnessLine } from '../ui/FreshnessLine';
import { letGoText } from './letGoText';

export interface LogFooterProps {
  readonly snapshot: LogWindowSnapshot | undefined;
  readonly logs: LogViewStatus | undefined;
  readonly isFiltering: boolean;
  /** Of the source that the logs are from. */
  readonly status: SourceStatus | undefined;
}

/** How much there is, how much a filter lets through, what is no longer there, and how its cluster stands. */
export function LogFooter({ snapshot, logs, isFiltering, status }: LogFooterProps): ReactElement {
  const held = (logs?.streams ?? []).reduce((sum, { lines }) => sum + lines, 0);
  const shown = snapshot?.total ?? 0;
  const letGo = letGoText(logs?.letGo ?? snapshot?.letGo ?? { age: 0, stream: 0, total: 0 });
  const parts = [
    countText(held, l10n.t('1 line held'), l10n.t('{0} lines held', formatCount(held))),
    ...(isFiltering ? [l10n.t('{0} shown', formatCount(shown))] : []),
    ...(logs === undefined ? [] : [formatBytes(logs.heldBytes)]),
    ...diskTexts(logs?.disk),
    letGo ?? l10n.t('none let go'),
  ];
  return (
    <footer className="footer">
      <DotList items={parts} />
      {status !== undefined && <Now>{(now) => <FreshnessLine status={status} now={now} />}</Now>}
      <span className="footer-hint">{l10n.t('/ searches · G follows · x shows what is around')}</span>
    </footer>
  );
}

/** Of what has left memory. */
function diskTexts(disk: LogViewStatus['disk']): string[] {
  if (disk === undefined) {
    return [];
  }
  const { bytes, problem } = disk;
  return [
    ...(bytes === 0 ? [] : [l10n.t('{0} on the disk', formatBytes(bytes))]),
    ...(problem === undefined ? [] : [l10n.t('the disk takes no lines now: {0}', problem.detail)]),
  ];
}
