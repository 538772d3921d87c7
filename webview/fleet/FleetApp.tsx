import * as l10n from '@vscode/l10n';
import { useCallback, useEffect, useMemo, useRef, useState, type ReactElement } from 'react';
import { useStore } from 'zustand';
import type { StoreApi } from 'zustand/vanilla';
import { countText } from '../../src/texts/countText';
import { problemText } from '../../src/texts/problemText';
import type { FleetBook } from '../realtime/fleetBook';
import { useFleet } from '../realtime/useFleet';
import { useHost, useOutage } from '../realtime/useHost';
import { asSeen } from '../realtime/useSource';
import { EmptyState } from '../ui/EmptyState';
import { formatCount } from '../ui/formatNumber';
import { Notice } from '../ui/Notice';
import { Skeleton } from '../ui/Skeleton';
import { fits, parseFilter } from './fleetFilter';
import { FleetHead } from './FleetHead';
import { FleetOrder } from './fleetOrder';
import { FleetLines } from './fleetRows';
import type { FleetState } from './fleetState';
import { FleetTable } from './FleetTable';

export interface FleetAppProps {
  readonly book: FleetBook;
  readonly store: StoreApi<FleetState>;
}

/** Every cluster of a hub: which of them need me? */
export function FleetApp({ book, store }: FleetAppProps): ReactElement {
  const fleet = useFleet(book);
  const host = useHost();
  const outage = useOutage();
  const [lines] = useState(() => new FleetLines());
  const all = useMemo(
    () => lines.of(fleet, (status) => asSeen(status, host, outage)),
    [lines, fleet, host, outage],
  );
  const { filter, sort, current, top } = useStore(store);
  const [order] = useState(() => new FleetOrder());
  const input = useRef<HTMLInputElement>(null);
  const rows = useMemo(() => {
    const wanted = parseFilter(filter);
    return order.sort(
      all.filter((row) => fits(row, wanted)),
      sort,
    );
  }, [order, all, filter, sort]);

  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      const isTyping = event.target instanceof HTMLElement && event.target.matches('input, textarea, select');
      if (isTyping || event.ctrlKey || event.metaKey || event.altKey) {
        return;
      }
      if (event.key === '/') {
        event.preventDefault();
        input.current?.focus();
        input.current?.select();
      } else if (event.target === document.body && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
        // Nothing has the focus, as after a line that had it was scrolled away.
        event.preventDefault();
        focusList();
      }
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, []);

  const onRest = useCallback((rested: number) => store.setState({ top: rested }), [store]);
  const onCurrent = useCallback((key: string) => store.setState({ current: key }), [store]);
  const setFilter = (text: string): void => store.setState({ filter: text });
  return (
    <main className="fleet">
      <FleetHead rows={all} filter={filter} onFilter={setFilter} input={input} onLeave={focusList} />
      {fleet.problem !== undefined && (
        <Notice
          tone="warning"
          what={l10n.t('The list may be out of date.')}
          more={problemText(fleet.problem, l10n.t('the hub'), 'hub').what}
        />
      )}
      <FleetContent
        isLoading={fleet.isLoading}
        all={all.length}
        rows={rows.length}
        onClear={() => setFilter('')}
      >
        <FleetTable
          {...{ rows, sort, current, onCurrent, onRest }}
          startTop={top}
          onSort={(next) => store.setState({ sort: next })}
          hasSource={fleet.sources.size > 1}
          takesFocus={current !== undefined}
        />
        <footer className="fleet-footer">
          <span>
            {rows.length === all.length
              ? countText(rows.length, l10n.t('1 row'), l10n.t('{0} rows', formatCount(rows.length)))
              : l10n.t('Showing {0} of {1}', formatCount(rows.length), formatCount(all.length))}
          </span>
          <span className="fleet-hints">{l10n.t('↑↓ move, Enter opens, L has logs, / filters')}</span>
        </footer>
      </FleetContent>
    </main>
  );
}

/** The line that the tab key would come to. */
function focusList(): void {
  document.querySelector<HTMLElement>('.fleet-link[tabindex="0"]')?.focus();
}

function FleetContent(props: {
  readonly isLoading: boolean;
  /** How many there are, and how many of them are to be shown. */
  readonly all: number;
  readonly rows: number;
  readonly onClear: () => void;
  readonly children: readonly ReactElement[];
}): ReactElement {
  if (props.isLoading) {
    return <Skeleton tiles={0} rows={12} />;
  }
  if (props.all === 0) {
    return (
      <EmptyState
        icon="server-environment"
        title={l10n.t('This hub follows no cluster')}
        text={l10n.t('Whoever runs it names the clusters when it is started.')}
      />
    );
  }
  if (props.rows === 0) {
    return (
      <EmptyState icon="filter" title={l10n.t('No cluster fits the filter')}>
        <vscode-button secondary onClick={props.onClear}>
          {l10n.t('Clear the filter')}
        </vscode-button>
      </EmptyState>
    );
  }
  return <>{props.children}</>;
}
