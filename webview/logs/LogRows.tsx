import * as l10n from '@vscode/l10n';
import {
  useEffect,
  useId,
  useLayoutEffect,
  useMemo,
  useReducer,
  useRef,
  useState,
  type CSSProperties,
  type KeyboardEvent,
  type MouseEvent,
  type ReactElement,
} from 'react';
import type { LogPatternParams } from '../../src/protocol/logView';
import type { LogRow as Row } from '../../src/protocol/podLog';
import { countText } from '../../src/texts/countText';
import { rowId, type LogWindow, type LogWindowSnapshot, type RowKey } from '../realtime/logWindow';
import type { OpenLogView } from '../realtime/openLogView';
import { formatCount } from '../ui/formatNumber';
import { Icon } from '../ui/Icon';
import { LogRow, type RowLook } from './LogRow';
import { letGoText } from './letGoText';
import { RowScrollBar } from './RowScrollBar';
import { onResize, RowView } from './rowView';
import { isSelected, type RowSelection } from './rowSelection';
import { useHostMarks } from './useHostMarks';

const LINE_PX = 20;

export interface LogRowsProps {
  readonly pane: string;
  readonly view: OpenLogView;
  readonly hostFind: LogPatternParams | undefined;
  readonly label: string;
  readonly window: LogWindow;
  readonly snapshot: LogWindowSnapshot;
  readonly look: RowLook;
  readonly wraps: boolean;
  readonly match: RowKey | undefined;
  readonly selection: RowSelection | undefined;
  readonly onSelect: (selection: RowSelection | undefined) => void;
  readonly onTop: (row: Row | undefined) => void;
  /** A key that is not about moving among rows. True where it meant something. */
  readonly onKey: (event: KeyboardEvent, current: Row | undefined, window: LogWindow) => boolean;
}

/**
 * The rows of a window, and a scroll bar that goes by rows: a native one would end at some millions of pixels, and would have
 * to guess the heights of a million rows. Rows are moved by a transform; what the browser scrolls by itself, while text is
 * being selected beyond an edge, is taken over.
 */
export function LogRows(props: LogRowsProps): ReactElement {
  const {
    pane,
    label,
    window: source,
    snapshot,
    look,
    wraps,
    match,
    selection,
    onSelect,
    onTop,
    onKey,
  } = props;
  const id = useId();
  const frame = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const [, draw] = useReducer((count: number) => count + 1, 0);
  const view = useMemo(() => new RowView(source, draw), [source]);
  const [expanded, setExpanded] = useState<ReadonlySet<string>>(new Set());

  useEffect(() => {
    if (frame.current === null) {
      return undefined;
    }
    const watching = onResize(frame.current, (width, height) => view.resized(width, height));
    return () => watching.dispose();
  }, [view]);

  const layout = JSON.stringify([wraps, look.time, look.columns, look.naming, look.nameChars]);
  useLayoutEffect(() => view.laidOutAs(layout), [view, layout]);

  useEffect(() => {
    const element = frame.current;
    if (element === null) {
      return undefined;
    }
    const abort = new AbortController();
    element.addEventListener(
      'wheel',
      (event) => {
        if (event.ctrlKey || Math.abs(event.deltaX) > Math.abs(event.deltaY) || event.shiftKey) {
          return;
        }
        event.preventDefault();
        const unit = event.deltaMode === 1 ? LINE_PX : event.deltaMode === 2 ? view.viewHeight : 1;
        view.scrollBy(event.deltaY * unit);
      },
      { signal: abort.signal, passive: false },
    );
    element.addEventListener(
      'scroll',
      () => {
        const { scrollTop } = element;
        if (scrollTop !== 0) {
          element.scrollTop = 0;
          view.scrollBy(scrollTop);
        }
      },
      { signal: abort.signal },
    );
    let touchY = 0;
    element.addEventListener('touchstart', ({ touches }) => (touchY = touches[0]?.clientY ?? 0), {
      signal: abort.signal,
      passive: true,
    });
    element.addEventListener(
      'touchmove',
      ({ touches }) => {
        const y = touches[0]?.clientY ?? touchY;
        view.scrollBy(touchY - y);
        touchY = y;
      },
      { signal: abort.signal, passive: true },
    );
    return () => abort.abort();
  }, [view]);

  const range = view.range(snapshot);
  const shown = snapshot.rows.slice(range.from, range.until);
  const found = useHostMarks(props.view, props.hostFind, shown);

  // Before anything is painted: true heights take the place of those that were guessed.
  useLayoutEffect(() => {
    const element = content.current;
    if (element === null) {
      return;
    }
    const heights = new Map<string, number>();
    let above = 0;
    let index = range.from;
    for (const child of element.children) {
      const row = snapshot.rows[index];
      if (row !== undefined) {
        const { height } = child.getBoundingClientRect();
        heights.set(rowId(row), height);
        above += index < view.place.row ? height : 0;
      }
      index += 1;
    }
    view.measured(heights);
    element.style.transform = `translateY(${view.place.offset - above}px)`;
    onTop(snapshot.isFollowing ? undefined : view.topRow);
  });

  const current = selection?.focus;
  // One that is not laid out cannot be pointed to.
  const isCurrentShown = current !== undefined && shown.some((row) => rowId(row) === rowId(current));
  const currentId = isCurrentShown ? `${id}-${rowId(current)}` : undefined;
  const toggle = (row: Row): void => {
    setExpanded((before) => {
      const after = new Set(before);
      if (!after.delete(rowId(row))) {
        after.add(rowId(row));
      }
      return after;
    });
  };
  const positionOf = (row: Row): number =>
    snapshot.position + snapshot.rows.findIndex((other) => rowId(other) === rowId(row));
  const select = (row: Row, extends_: boolean): void => {
    const at = { stream: row.stream, line: row.line, position: positionOf(row) };
    onSelect(
      extends_ && selection !== undefined ? { ...selection, focus: at } : { pane, anchor: at, focus: at },
    );
  };
  const move = (by: number, extends_: boolean): void => {
    const row = view.neighbour(current, by);
    if (row !== undefined) {
      select(row, extends_);
      view.reveal(row);
    }
  };
  const currentRow =
    current === undefined ? undefined : snapshot.rows.find((row) => rowId(row) === rowId(current));

  const keys = (event: KeyboardEvent): boolean => {
    if (event.altKey) {
      return false;
    }
    const page = (down: 1 | -1): void => {
      if (isCurrentShown) {
        move(down * Math.max(1, view.inSight - 1), event.shiftKey);
      } else {
        view.scrollBy(down * Math.max(LINE_PX, view.viewHeight - LINE_PX));
      }
    };
    switch (event.key) {
      case 'ArrowUp':
        move(-1, event.shiftKey);
        return true;
      case 'ArrowDown':
        move(1, event.shiftKey);
        return true;
      case 'PageUp':
        page(-1);
        return true;
      case 'PageDown':
        page(1);
        return true;
      // The arrow keys go on from there, and not from what is out of sight.
      case 'Home':
        onSelect(undefined);
        view.goTo(0);
        return true;
      case 'End':
        onSelect(undefined);
        source.follow();
        return true;
      case 'Enter':
      case ' ':
        if (currentRow !== undefined) {
          toggle(currentRow);
        }
        return true;
      case 'ArrowRight':
      case 'ArrowLeft': {
        const isOpen = currentRow !== undefined && expanded.has(rowId(currentRow));
        if (currentRow !== undefined && isOpen !== (event.key === 'ArrowRight')) {
          toggle(currentRow);
          return true;
        }
        return false;
      }
      default:
        return false;
    }
  };

  const clicked = (event: MouseEvent<HTMLDivElement>): void => {
    const target = event.target instanceof Element ? event.target : null;
    const name = target?.closest('[data-row]')?.getAttribute('data-row');
    const row = snapshot.rows.find((one) => `${id}-${rowId(one)}` === name);
    if (row === undefined || target?.closest('button') !== null) {
      return;
    }
    if (target.closest('[data-toggle]') !== null) {
      toggle(row);
      return;
    }
    // Who has just selected text means that.
    if (event.shiftKey || document.getSelection()?.isCollapsed !== false) {
      select(row, event.shiftKey);
    }
  };

  return (
    <div className="rows-frame">
      {/* Keys are those of the list; a click is one of them for the mouse. No element of HTML is a list of a million options. */}
      {/* oxlint-disable jsx-a11y/click-events-have-key-events, jsx-a11y/prefer-tag-over-role */}
      <div
        ref={frame}
        id={id}
        className={wraps ? 'rows rows-wrap' : 'rows'}
        style={nameWidth(look.nameChars)}
        role="listbox"
        tabIndex={0}
        aria-label={label}
        aria-multiselectable="true"
        aria-activedescendant={currentId}
        onKeyDown={(event) => {
          if (keys(event) || onKey(event, currentRow, source)) {
            event.preventDefault();
          }
        }}
        onClick={clicked}
      >
        <div className="rows-content" ref={content} role="presentation">
          {shown.map((row, index) => (
            <LogRow
              key={rowId(row)}
              id={`${id}-${rowId(row)}`}
              row={row}
              name={snapshot.streams.get(row.stream)}
              look={look}
              found={found.get(rowId(row))}
              isExpanded={expanded.has(rowId(row))}
              isSelected={isSelected(selection, row, snapshot.position + range.from + index)}
              isCurrent={current !== undefined && rowId(current) === rowId(row)}
              isMatch={match !== undefined && rowId(match) === rowId(row)}
              number={snapshot.position + range.from + index + 1}
              count={snapshot.total}
            />
          ))}
        </div>
        {snapshot.position + range.top === 0 && !snapshot.isFollowing && <LetGoEdge snapshot={snapshot} />}
      </div>
      <RowScrollBar
        controls={id}
        position={snapshot.position + range.top}
        inSight={view.inSight}
        total={snapshot.total}
        onMove={(position) => view.goTo(position)}
      />
      {!snapshot.isFollowing && (
        <button type="button" className="to-end" onClick={() => source.follow()}>
          <Icon id="arrow-down" />{' '}
          {snapshot.unread > 0
            ? countText(
                snapshot.unread,
                l10n.t('1 new line'),
                l10n.t('{0} new lines', formatCount(snapshot.unread)),
              )
            : l10n.t('Follow')}
        </button>
      )}
    </div>
  );
}

/** Set by script, which the page's policy for styles lets pass. */
function nameWidth(chars: number): CSSProperties {
  const style: CSSProperties & Record<'--name-chars', string> = { '--name-chars': `${chars}ch` };
  return style;
}

/** What is before the first row that is held. */
function LetGoEdge({ snapshot }: { readonly snapshot: LogWindowSnapshot }): ReactElement | null {
  const text = letGoText(snapshot.letGo);
  return text === undefined ? null : <div className="rows-edge">{text}</div>;
}
