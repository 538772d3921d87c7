import * as l10n from '@vscode/l10n';
import type { LogFilter } from '../../src/protocol/logView';
import type { ViewCommand } from '../../src/protocol/requests';
import { countText } from '../../src/texts/countText';
import type { OpenLogView } from '../realtime/openLogView';
import { formatCount } from '../ui/formatNumber';
import { asMarkdown, copiedRows } from './copyRows';
import type { RowSelection } from './rowSelection';

export interface LogCopyOptions {
  readonly opened: OpenLogView;
  /** Above a block of Markdown. */
  readonly title: string;
  /** Whether each line is to say whose it is. */
  readonly hasNames: boolean;
  readonly say: (text: string) => void;
  readonly run: (command: ViewCommand) => void;
}

/** Copies the selected lines, as plain text or as a block of Markdown, and says how many those were. Never rejects. */
export function useLogCopy({ opened, title, hasNames, say, run }: LogCopyOptions) {
  return async (
    selection: RowSelection | undefined,
    filter: LogFilter,
    isMarkdown: boolean,
  ): Promise<void> => {
    if (selection === undefined) {
      say(l10n.t('Select lines first: click one, and another with Shift.'));
      return;
    }
    try {
      const { text, rows, left } = await copiedRows(opened, filter, selection, hasNames);
      run({ type: 'copy', text: isMarkdown ? asMarkdown(text, title) : text });
      say(
        left > 0
          ? l10n.t(
              '{0} lines copied; {1} more are left out: save them to a file.',
              formatCount(rows),
              formatCount(left),
            )
          : countText(rows, l10n.t('1 line copied.'), l10n.t('{0} lines copied.', formatCount(rows))),
      );
    } catch {
      say(l10n.t('The lines could not be read.'));
    }
  };
}
