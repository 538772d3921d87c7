import { useCallback, useMemo } from 'react';
import type { LogViewStatus, OpenLogView } from '../realtime/openLogView';
import type { ReadLine } from './ExpandedLine';
import { MAX_NAME_CHARS, nameOf, type RowLook } from './LogRow';
import type { LogsState } from './logsState';
import { markFinder } from './textMarks';

export interface RowLookOptions {
  readonly state: LogsState;
  readonly logs: LogViewStatus | undefined;
  readonly opened: OpenLogView;
  /** Whether each pod has a pane of its own, and with it a heading. */
  readonly isSplit: boolean;
}

/** How rows are shown: the same object until something of it changes. */
export function useRowLook({ state, logs, opened, isSplit }: RowLookOptions): RowLook {
  const { time, columns, rules, find } = state;
  const naming = namingOf(logs, isSplit);
  const nameChars = nameCharsOf(logs, naming);
  const readLine = useCallback<ReadLine>(
    ({ stream, line }, from, limit) => opened.line({ stream, line, from, limit }),
    [opened],
  );
  return useMemo((): RowLook => {
    const finders = [
      // Regular expressions are the host's.
      ...(find.isRegex ? [] : [markFinder(find, 'mark-find')]),
      ...rules.map(({ text, style }) => markFinder({ text }, `mark-rule mark-rule-${style}`)),
    ].filter((finder) => finder !== undefined);
    return {
      time,
      naming,
      nameChars,
      columns,
      marksOf: (text) => finders.flatMap((finder) => finder(text)),
      readLine,
    };
  }, [time, columns, rules, find, naming, nameChars, readLine]);
}

function namingOf(logs: LogViewStatus | undefined, isSplit: boolean): RowLook['naming'] {
  const streams = logs?.streams ?? [];
  if (streams.length < 2) {
    return 'none';
  }
  const [first] = streams;
  const isOfOneEach = new Set(streams.map(({ pod }) => pod)).size === streams.length;
  const isOnePod = streams.every(({ pod }) => pod === first?.pod);
  if (isSplit || isOnePod) {
    return isSplit && isOfOneEach ? 'none' : 'containerAlone';
  }
  return isOfOneEach ? 'pod' : 'container';
}

function nameCharsOf(logs: LogViewStatus | undefined, naming: RowLook['naming']): number {
  const lengths =
    naming === 'none' ? [] : (logs?.streams ?? []).map((stream) => nameOf(stream, naming).length);
  return Math.min(MAX_NAME_CHARS, Math.max(0, ...lengths));
}
