import { useEffect, useLayoutEffect, useRef, useState, type RefObject } from 'react';
import { DisposableStore } from '../../src/base/disposable';
import { useConnection } from '../realtime/connectionContext';

/** Rows laid out beyond what is seen, so that a turn of the wheel shows no gap. */
const OVERSCAN_ROWS = 6;
/** However high a window is, and while nobody knows how high it is. */
const MAX_ROWS = 120;
const DEFAULT_PX = 800;
/** A list that was scrolled is at rest when it did not move for this long. */
const REST_MS = 150;

export interface RowWindow {
  /** What the rows are scrolled in. */
  readonly scroller: RefObject<HTMLDivElement | null>;
  /** Rows `first` to `last - 1` are laid out. */
  readonly first: number;
  readonly last: number;
  /** The first row that is seen as a whole. */
  readonly top: number;
  /** It is being scrolled. */
  readonly isMoving: boolean;
  /** Scrolls no further than it takes to see a row as a whole. */
  readonly reveal: (index: number) => void;
  /** How many rows are seen at once. */
  readonly pageRows: number;
}

export interface RowWindowOptions {
  readonly count: number;
  readonly rowPx: number;
  /** Where it is scrolled to once there are rows. */
  readonly startTop: number;
  /** Called with how far it is scrolled, when it has come to rest. */
  readonly onRest: (top: number) => void;
}

/** Which of many rows of one height are laid out: those that are seen, and a few beyond. */
export function useRowWindow({ count, rowPx, startTop, onRest }: RowWindowOptions): RowWindow {
  const { clock } = useConnection();
  const scroller = useRef<HTMLDivElement>(null);
  // From then on the reader scrolls.
  const [top0] = useState(startTop);
  const [seen, setSeen] = useState({ top: top0, heightPx: DEFAULT_PX, isMoving: false });
  const isPlaced = useRef(false);
  const hasRows = count > 0;

  useLayoutEffect(() => {
    // Once: where it is afterwards is nobody's but the reader's.
    if (hasRows && scroller.current !== null && !isPlaced.current) {
      isPlaced.current = true;
      scroller.current.scrollTop = top0;
    }
  }, [hasRows, top0]);

  useEffect(() => {
    const element = scroller.current;
    if (element === null) {
      return undefined;
    }
    const rest = new DisposableStore();
    const onScroll = (): void => {
      setSeen((before) => ({ ...before, top: element.scrollTop, isMoving: true }));
      rest.clear();
      rest.add(
        clock.schedule(REST_MS, () => {
          setSeen((before) => ({ ...before, isMoving: false }));
          onRest(element.scrollTop);
        }),
      );
    };
    const measure = (): void =>
      setSeen((before) => ({ ...before, heightPx: element.clientHeight || DEFAULT_PX }));
    const sizes = new ResizeObserver(measure);
    sizes.observe(element);
    element.addEventListener('scroll', onScroll, { passive: true });
    return () => {
      rest.dispose();
      sizes.disconnect();
      element.removeEventListener('scroll', onScroll);
    };
  }, [clock, onRest]);

  const first = Math.max(0, Math.min(count - 1, Math.floor(seen.top / rowPx)) - OVERSCAN_ROWS);
  const top = Math.max(0, Math.min(count - 1, Math.ceil(seen.top / rowPx)));
  const rows = Math.min(MAX_ROWS, Math.ceil(seen.heightPx / rowPx) + 2 * OVERSCAN_ROWS);
  const reveal = (index: number): void => {
    const element = scroller.current;
    if (element === null) {
      return;
    }
    const headPx = element.querySelector('thead')?.clientHeight ?? 0;
    const endPx = (index + 1) * rowPx - (element.clientHeight - headPx);
    element.scrollTop = Math.min(index * rowPx, Math.max(element.scrollTop, endPx));
  };
  const pageRows = Math.max(1, Math.floor(seen.heightPx / rowPx) - 1);
  return {
    scroller,
    first,
    top,
    last: Math.min(count, first + rows),
    isMoving: seen.isMoving,
    reveal,
    pageRows,
  };
}
