import * as l10n from '@vscode/l10n';
import { useEffect, useRef, type KeyboardEvent, type ReactElement } from 'react';
import { useHost } from '../realtime/useHost';
import { SortHeader } from '../ui/SortHeader';
import { FleetLine } from './FleetLine';
import type { FleetRow } from './fleetRows';
import type { FleetColumn, FleetSort } from './fleetState';
import { useIsNarrow } from './useIsNarrow';
import { useRowWindow } from './useRowWindow';

/** As in the style sheet. */
const ROW_PX = 30;
const CARD_PX = 92;

export interface FleetTableProps {
  readonly rows: readonly FleetRow[];
  readonly sort: FleetSort | undefined;
  readonly onSort: (sort: FleetSort | undefined) => void;
  /** The row that the keyboard is on. */
  readonly current: string | undefined;
  readonly onCurrent: (key: string) => void;
  readonly hasSource: boolean;
  /** How far it is scrolled at first, in pixels. */
  readonly startTop: number;
  readonly onRest: (top: number) => void;
  /** Whether the keyboard starts here: the list was come back to. */
  readonly takesFocus: boolean;
}

/** The list itself, of which only what is seen is laid out. Arrows, Home, End and the page keys move, Enter opens, L has logs. */
export function FleetTable(props: FleetTableProps): ReactElement {
  const { rows, sort, onSort, current, onCurrent, hasSource, onRest } = props;
  const { run } = useHost();
  const isNarrow = useIsNarrow();
  const rowPx = isNarrow ? CARD_PX : ROW_PX;
  const { scroller, first, last, top, isMoving, reveal, pageRows } = useRowWindow({
    count: rows.length,
    rowPx,
    startTop: props.startTop,
    onRest,
  });
  const wantsFocus = useRef(props.takesFocus);
  const found = rows.findIndex(({ key }) => key === current);
  // There is always one that the tab key comes to.
  const isSeen = found >= first && found < last;
  const onTab = isSeen ? found : top;

  useEffect(() => {
    // What it was moved to, or come back to in a window of another height, is laid out once the list was scrolled there.
    if (!wantsFocus.current || found < 0) {
      return;
    }
    reveal(found);
    const link = isSeen
      ? scroller.current?.querySelector<HTMLElement>('.fleet-line-current .fleet-link')
      : undefined;
    if (link !== null && link !== undefined) {
      wantsFocus.current = false;
      link.focus({ preventScroll: true });
    }
  });

  const moveTo = (index: number): void => {
    const target = Math.max(0, Math.min(rows.length - 1, index));
    const row = rows[target];
    if (row !== undefined) {
      reveal(target);
      wantsFocus.current = true;
      onCurrent(row.key);
    }
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    const target = {
      ArrowDown: onTab + 1,
      ArrowUp: onTab - 1,
      PageDown: onTab + pageRows,
      PageUp: onTab - pageRows,
      Home: 0,
      End: rows.length - 1,
    }[event.key];
    if (target !== undefined) {
      event.preventDefault();
      moveTo(target);
      return;
    }
    const cluster = rows[onTab]?.cluster;
    if (event.key.toLowerCase() === 'l' && cluster !== undefined) {
      event.preventDefault();
      run({ type: 'openLogs', source: cluster.source, name: cluster.name });
    }
  };

  const head = (column: FleetColumn, text: string, isNumeric = false): ReactElement => (
    <SortHeader
      className={`col-${column}${isNumeric ? ' numeric' : ''}`}
      text={text}
      order={sort?.column === column ? sort : undefined}
      onSort={(order) => onSort(order && { column, ...order })}
    />
  );
  return (
    <div className="fleet-scroller" ref={scroller}>
      <table
        className="fleet-table"
        role="grid"
        aria-label={l10n.t('Clusters')}
        aria-rowcount={rows.length + 1}
        onKeyDown={onKeyDown}
        onFocus={(event) => onFocused(event.target, onCurrent)}
      >
        <thead>
          <tr aria-rowindex={1}>
            <th scope="col" className="col-icon">
              <span className="sr-only">{l10n.t('Health')}</span>
            </th>
            {head('name', l10n.t('Cluster'))}
            {head('environment', l10n.t('Environment'))}
            {head('phase', l10n.t('Phase'))}
            {head('nodes', l10n.t('Nodes'), true)}
            {!isNarrow && (
              <>
                <th scope="col" className="col-cpu">
                  {l10n.t('CPU, 10 min')}
                </th>
                <th scope="col" className="col-memory">
                  {l10n.t('Memory')}
                </th>
              </>
            )}
            {head('addons', l10n.t('Add-ons'), true)}
            {head('applications', l10n.t('Apps'), true)}
            {head('version', l10n.t('Version'))}
            {head('alerts', l10n.t('Alerts'))}
            {head('state', l10n.t('State'))}
          </tr>
        </thead>
        <tbody>
          <Spacer px={first * rowPx} />
          {rows.slice(first, last).map((row, place) => (
            <FleetLine
              key={row.key}
              {...{ row, hasSource, isMoving }}
              index={first + place}
              isCurrent={first + place === onTab}
              hasFigures={!isNarrow}
            />
          ))}
          <Spacer px={(rows.length - last) * rowPx} />
        </tbody>
      </table>
    </div>
  );
}

/** What is not laid out, as so much room. */
function Spacer({ px }: { readonly px: number }): ReactElement | null {
  return px <= 0 ? null : (
    <tr className="fleet-spacer" aria-hidden="true">
      <td style={{ height: px }}>&nbsp;</td>
    </tr>
  );
}

function onFocused(target: EventTarget, onCurrent: (key: string) => void): void {
  const key = target instanceof HTMLElement ? target.closest('tr')?.dataset['key'] : undefined;
  if (key !== undefined) {
    onCurrent(key);
  }
}
