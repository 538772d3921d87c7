import { useMemo } from 'react';
import type { LogLine } from '../../src/protocol/podLog';
import type { Problem } from '../../src/protocol/problem';
import { useConnection } from './connectionContext';
import { LogFilter, type LogFilterOptions } from './logFilter';
import type { LogTarget } from './logFollower';
import { useLogStream, type LogStream } from './useLogStream';

export interface RealtimeLogsOptions extends LogFilterOptions {
  /** `undefined` follows nothing. */
  readonly target: LogTarget | undefined;
}

export interface RealtimeLogs extends LogStream {
  /** The lines of the window that match, in order. */
  readonly lines: readonly LogLine[];
  /** Why `text` cannot be used as a regular expression, or takes too long; it is left out then. How the stream is, its snapshot says. */
  readonly problem: Problem | undefined;
}

/**
 * The lines of one container's log that match, while mounted. They are filtered out of the window that is followed: nothing is
 * read or held twice, and each line is looked at once.
 */
export function useRealtimeLogs({ target, text, isRegex, level }: RealtimeLogsOptions): RealtimeLogs {
  const { clock } = useConnection();
  const stream = useLogStream(target);
  const filter = useMemo(() => new LogFilter({ text, isRegex, level }, clock), [text, isRegex, level, clock]);
  const lines = filter.apply(stream.snapshot.lines);
  return { ...stream, lines, problem: filter.problem };
}
