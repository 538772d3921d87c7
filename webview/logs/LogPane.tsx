import { useEffect, useRef, type KeyboardEvent, type ReactElement } from 'react';
import type { LogFilter, LogPatternParams } from '../../src/protocol/logView';
import type { LogRow } from '../../src/protocol/podLog';
import type { RowKey, LogWindow, LogWindowSnapshot } from '../realtime/logWindow';
import type { OpenLogView } from '../realtime/openLogView';
import { useLogWindow } from '../realtime/useLogView';
import type { RowLook } from './LogRow';
import { LogRows } from './LogRows';
import type { RowSelection } from './rowSelection';

/** A row to go to: once for each object. */
export interface PaneJump {
  readonly row: RowKey;
}

export interface LogPaneProps {
  /** By which a selection in it is known. */
  readonly pane: string;
  readonly view: OpenLogView;
  readonly filter: LogFilter;
  readonly label: string;
  /** Above it, where there are several. */
  readonly heading?: string;
  readonly look: RowLook;
  readonly wraps: boolean;
  /** A regular expression that stands out. */
  readonly hostFind: LogPatternParams | undefined;
  readonly match: RowKey | undefined;
  readonly jump: PaneJump | undefined;
  /** When the line at the top was written that the reader left from. */
  readonly startAt: string | undefined;
  readonly selection: RowSelection | undefined;
  readonly onSelect: (selection: RowSelection | undefined) => void;
  readonly onSnapshot: ((snapshot: LogWindowSnapshot) => void) | undefined;
  readonly onTop: ((row: LogRow | undefined) => void) | undefined;
  readonly onKey: (event: KeyboardEvent, current: LogRow | undefined, window: LogWindow) => boolean;
}

/** One window on the view, with its rows. */
export function LogPane(props: LogPaneProps): ReactElement {
  const { view, filter, label, heading, jump, startAt, onSnapshot, onTop } = props;
  const { window, snapshot } = useLogWindow(view, filter);
  const top = useRef<LogRow>(undefined);
  const start = useRef(startAt);
  /** One of before this pane was there is done. */
  const done = useRef(jump);

  useEffect(() => {
    const time = start.current;
    if (window !== undefined && time !== undefined) {
      start.current = undefined;
      window.jumpTo({ time }, 'start');
    }
  }, [window]);
  useEffect(() => {
    window?.setFilter(filter, top.current);
  }, [window, filter]);
  useEffect(() => {
    if (jump !== undefined && jump !== done.current && window !== undefined) {
      done.current = jump;
      window.jumpTo(jump.row);
    }
  }, [window, jump]);
  useEffect(() => {
    if (snapshot !== undefined) {
      onSnapshot?.(snapshot);
    }
  }, [snapshot, onSnapshot]);

  return (
    <section className="pane" aria-label={heading ?? label}>
      {heading !== undefined && <h2 className="pane-heading">{heading}</h2>}
      {window !== undefined && snapshot !== undefined && (
        <LogRows
          {...props}
          window={window}
          snapshot={snapshot}
          onTop={(row) => {
            top.current = row;
            onTop?.(row);
          }}
        />
      )}
    </section>
  );
}
