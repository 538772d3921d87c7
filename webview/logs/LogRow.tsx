import * as l10n from '@vscode/l10n';
import { memo, type ReactElement } from 'react';
import type { LogLevel, LogLine } from '../../src/protocol/podLog';
import { countText } from '../../src/texts/countText';
import { formatTimeOfDay, parseInstant } from '../ui/formatInstant';
import { formatCount } from '../ui/formatNumber';
import { displayText } from '../realtime/displayText';
import { LogMarkerRow } from './LogMarkerRow';

/** One letter, as klog writes it: the line itself mostly has the word. Not translated, since logs are not. */
const LEVEL_LETTERS: Readonly<Record<LogLevel, string>> = { error: 'E', warning: 'W', info: 'I', debug: 'D' };

/** One line. It never changes once it was read, so it is rendered once. */
export const LogRow = memo(function LogRow({ line }: { readonly line: LogLine }): ReactElement {
  const { level, hiddenBytes = 0, marker } = line;
  if (marker !== undefined) {
    return <LogMarkerRow marker={marker} />;
  }
  const { text } = displayText(line.text);
  const instant = parseInstant(line.time);
  const time = instant === undefined ? '' : formatTimeOfDay(instant);
  return (
    <div className={level === undefined ? 'line' : `line line-${level}`}>
      <time className="line-time" dateTime={line.time} title={line.time}>
        {time.slice(0, 8)}
        <span className="line-fraction">{time.slice(8)}</span>
      </time>
      <span className="line-level" title={level}>
        {level === undefined ? '' : LEVEL_LETTERS[level]}
      </span>
      <span className="line-text">
        {text}
        {hiddenBytes > 0 && (
          <span className="line-cut">
            {countText(
              hiddenBytes,
              l10n.t('… 1 more byte'),
              l10n.t('… {0} more bytes', formatCount(hiddenBytes)),
            )}
          </span>
        )}
      </span>
    </div>
  );
});
