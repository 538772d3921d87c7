import { useCallback, useMemo } from 'react';
import type { LogViewStatus, OpenLogView } from '../realtime/openLogView';
import type { ReadLine } from './ExpandedLine';
import type { RowLook } from './LogRow';
import type { LogsState } from './logsState';
import { markFinder } from './textMarks';

export interface RowLookOptions {
  readonly state: LogsState;
  readonly logs: LogViewStatus | undefined;
  readonly opened: OpenLogView;
  /** Whether the host has found the search to be of a kind that ends: only then is it tried here, where nobody could stop it. */
  readonly isScanned: boolean;
}

/** How rows are shown: the same object until something of it changes. */
export function useRowLook({ state, logs, opened, isScanned }: RowLookOptions): RowLook {
  const { time, columns, rules, find } = state;
  const naming = namingOf(logs);
  const readLine = useCallback<ReadLine>(
    ({ stream, line }, from, limit) => opened.line({ stream, line, from, limit }),
    [opened],
  );
  return useMemo((): RowLook => {
    const canFind = find.text !== '' && (!find.isRegex || isScanned);
    const finders = [
      ...(canFind ? [markFinder(find, 'mark-find')] : []),
      ...rules.map(({ text, style }) => markFinder({ text }, `mark-rule mark-rule-${style}`)),
    ].filter((finder) => finder !== undefined);
    return {
      time,
      naming,
      columns,
      marksOf: (text) => finders.flatMap((finder) => finder(text)),
      readLine,
    };
  }, [time, columns, rules, find, isScanned, naming, readLine]);
}

function namingOf(logs: LogViewStatus | undefined): RowLook['naming'] {
  const streams = logs?.streams ?? [];
  if (streams.length < 2) {
    return 'none';
  }
  const [first] = streams;
  const isOfOneEach = new Set(streams.map(({ pod }) => pod)).size === streams.length;
  const isOnePod = streams.every(({ pod }) => pod === first?.pod);
  return isOfOneEach && !isOnePod ? 'pod' : 'container';
}
