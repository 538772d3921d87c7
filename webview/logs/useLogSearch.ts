import { useCallback, useEffect, useRef, useState } from 'react';
import type { Disposable } from '../../src/base/disposable';
import type { LogFilter, LogFound } from '../../src/protocol/logView';
import { useConnection } from '../realtime/connectionContext';
import type { RowKey } from '../realtime/logWindow';
import type { LogFindParams, OpenLogView } from '../realtime/openLogView';
import { problemOf } from '../realtime/problemOf';
import { asPattern, regexFault } from './filterChips';
import type { FindText } from './logsState';

/** Between the last key and the first question. */
const TYPING_MS = 120;
/** The count is asked again at this pace while lines come, */
const AGAIN_MS = 500;
/** and at this one while there are lines that were not looked at yet. */
const SOON_MS = 60;

export interface LogSearch {
  /** What is known so far; undefined while nothing is searched, or not known yet. */
  readonly found: LogFound | undefined;
  /** Which of the matches was gone to, from 0. */
  readonly index: number | undefined;
  readonly match: RowKey | undefined;
  /** Why nothing is found. */
  readonly fault: string | undefined;
  readonly go: (direction: 'next' | 'previous') => void;
}

interface State {
  readonly found?: LogFound;
  readonly match?: RowKey | undefined;
  readonly index?: number | undefined;
  readonly fault?: string;
}

type FindWay = Pick<LogFindParams, 'from' | 'direction'>;

export interface LogSearchOptions {
  readonly view: OpenLogView | undefined;
  readonly filter: LogFilter;
  readonly find: FindText;
  /** Where the reader is, if that is not the end. */
  readonly from: () => RowKey | undefined;
  readonly onGo: (match: RowKey) => void;
}

/** Counts what is searched, and goes from match to match. Typing asks, and moves nothing. */
export function useLogSearch({ view, filter, find, from, onGo }: LogSearchOptions): LogSearch {
  const { clock } = useConnection();
  const [state, setState] = useState<State>({});
  const { text, isRegex, isCaseSensitive } = find;
  const isUsable = text !== '' && !(isRegex && regexFault(text) !== undefined);
  const filterKey = JSON.stringify(filter);
  const question = JSON.stringify([filterKey, text, isRegex, isCaseSensitive]);
  const asked = useRef(0);
  /** A way to another match is being asked for: counting has to wait. */
  const isGoingOn = useRef(false);
  const current = useRef<RowKey>(undefined);
  /** Where to go as soon as the search has come to a match: so far it has not looked at every line. */
  const pending = useRef<FindWay>(undefined);
  const isThrough = useRef(false);

  const ask = useCallback(
    async (params: FindWay, isGoing: boolean): Promise<void> => {
      if (view === undefined || !isUsable || (isGoingOn.current && !isGoing)) {
        return;
      }
      isGoingOn.current = isGoing;
      asked.current += 1;
      const turn = asked.current;
      const kept: LogFilter = JSON.parse(filterKey);
      const pattern = asPattern({ text, isRegex, isCaseSensitive });
      try {
        const found = await view.find({ filter: kept, find: pattern, ...params });
        if (turn !== asked.current) {
          return;
        }
        const { lines, of, problem } = found.scan;
        isThrough.current = lines >= of || problem !== undefined;
        const isBeyond = found.match === undefined && found.count > 0 && params.from !== undefined;
        if (isGoing && isBeyond && isThrough.current) {
          // Round and round: after the last comes the first.
          await ask(params.direction === undefined ? {} : { direction: params.direction }, true);
        } else if (isGoing && found.match !== undefined) {
          const { stream, line, index } = found.match;
          current.current = { stream, line };
          pending.current = undefined;
          setState({ found, match: current.current, index });
          onGo({ stream, line });
        } else {
          pending.current = isGoing && !isThrough.current ? params : undefined;
          const isThere = current.current !== undefined;
          // The next one is known: the one that was gone to is before it.
          const index = isThere ? (found.match?.index ?? found.count) - 1 : undefined;
          setState({ found, match: current.current, index });
        }
      } catch (error) {
        if (turn === asked.current) {
          setState({ fault: problemOf(error).detail });
        }
      } finally {
        if (turn === asked.current) {
          isGoingOn.current = false;
        }
      }
    },
    [view, isUsable, filterKey, text, isRegex, isCaseSensitive, onGo],
  );

  useEffect(() => {
    current.current = undefined;
    pending.current = undefined;
    isThrough.current = false;
    asked.current += 1;
    isGoingOn.current = false;
    setState({});
    if (view === undefined || !isUsable) {
      return undefined;
    }
    const again = (): Promise<void> =>
      pending.current === undefined
        ? ask(current.current === undefined ? {} : { from: current.current }, false)
        : ask(pending.current, true);
    let waiting: Disposable | undefined = clock.schedule(TYPING_MS, () => {
      waiting = undefined;
      void again();
    });
    const leave = view.subscribe(() => {
      waiting ??= clock.schedule(isThrough.current ? AGAIN_MS : SOON_MS, () => {
        waiting = undefined;
        void again();
      });
    });
    return () => {
      waiting?.dispose();
      leave();
    };
    // `question` says what is searched; `ask` follows from it.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [view, question, isUsable, clock]);

  const go = useCallback(
    (direction: 'next' | 'previous'): void => {
      const start = current.current ?? from();
      // Round and round: after the last comes the first.
      const isLast =
        direction === 'next' && state.index !== undefined && state.index + 1 >= (state.found?.count ?? 0);
      const isFirst = direction === 'previous' && state.index === 0;
      const wraps = isLast || isFirst;
      // At the end the newest match is the one that is meant.
      const way = start === undefined ? 'previous' : direction;
      void ask(start === undefined || wraps ? { direction: way } : { from: start, direction }, true);
    },
    [ask, from, state],
  );
  return {
    found: state.found,
    index: state.index,
    match: state.match,
    fault: state.fault,
    go,
  };
}
