import * as l10n from '@vscode/l10n';
import { memo, type ReactElement } from 'react';
import type { LogLine } from '../../src/protocol/podLog';
import { formatTimeOfDay, parseInstant } from '../ui/formatInstant';
import { formatCount } from '../ui/formatNumber';
import { displayText } from './displayText';
import { logLevel, type LogLevel } from './logLevel';

/** As programs write them; not translated, since they are what a reader searches for. */
const LEVEL_WORDS: Readonly<Record<LogLevel, string>> = {
  error: 'ERROR',
  warning: 'WARN',
  info: 'INFO',
  debug: 'DEBUG',
};

/** One line. It never changes once it was read, so it is rendered once. */
export const LogRow = memo(function LogRow({ line }: { readonly line: LogLine }): ReactElement {
  const level = logLevel(line.text);
  const { text, hidden } = displayText(line.text);
  const instant = parseInstant(line.time);
  const time = instant === undefined ? '' : formatTimeOfDay(instant);
  return (
    <div className={level === undefined ? 'line' : `line line-${level}`}>
      <time className="line-time" dateTime={line.time} title={line.time}>
        {time.slice(0, 8)}
        <span className="line-fraction">{time.slice(8)}</span>
      </time>
      <span className="line-level">{level === undefined ? '' : LEVEL_WORDS[level]}</span>
      <span className="line-text">
        {text}
        {hidden > 0 && (
          <span className="line-cut">{l10n.t('… {0} more characters', formatCount(hidden))}</span>
        )}
      </span>
    </div>
  );
});
