import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from 'react';
import type { LogFilter } from '../../src/protocol/logView';
import { useConnection } from './connectionContext';
import { LogWindow, type LogWindowSnapshot } from './logWindow';
import { OpenLogView, type LogViewStatus, type LogViewTarget } from './openLogView';
import { Paced } from './paced';
import { useHeld } from './useHeld';

/** The streams change by seconds, and hundreds of them are listed. */
const STATUS_MS = 500;

/** Has the host follow a selection while the component is mounted; `target` is the same object for as long as it is the same. */
export function useLogView(target: LogViewTarget): OpenLogView | undefined {
  const { client } = useConnection();
  return useHeld(useCallback(() => new OpenLogView(client, target), [client, target]));
}

const NO_WINDOW = { snapshot: (): undefined => undefined, subscribe: () => (): undefined => undefined };

/** A window on a view, which ends with the component. Another filter is to be told to the window. */
export function useLogWindow(
  view: OpenLogView,
  filter: LogFilter,
): { readonly window: LogWindow | undefined; readonly snapshot: LogWindowSnapshot | undefined } {
  const first = useRef(filter);
  const window = useHeld(useCallback(() => new LogWindow(view, first.current), [view]));
  const { subscribe, snapshot } = window ?? NO_WINDOW;
  return { window, snapshot: useSyncExternalStore(subscribe, snapshot, snapshot) };
}

/** How each log of the view is; asked again when something changed, twice a second at most. */
export function useLogStatus(view: OpenLogView | undefined): LogViewStatus | undefined {
  const { clock } = useConnection();
  const [status, setStatus] = useState<LogViewStatus>();
  useEffect(() => {
    if (view === undefined) {
      return undefined;
    }
    let isOver = false;
    const ask = async (): Promise<void> => {
      try {
        const answer = await view.status();
        if (!isOver) {
          setStatus(answer);
        }
      } catch {
        // The window tells why nothing can be read.
      }
    };
    const pace = new Paced(clock, STATUS_MS, () => void ask());
    const leave = view.subscribe(pace.ask);
    void ask();
    return () => {
      isOver = true;
      pace.dispose();
      leave();
    };
  }, [view, clock]);
  return status;
}
