import * as l10n from '@vscode/l10n';
import { useCallback, useMemo, useRef, useState, type KeyboardEvent, type ReactElement } from 'react';
import type { LogFilter } from '../../src/protocol/logView';
import type { LogRow } from '../../src/protocol/podLog';
import type { SourceStatus } from '../../src/protocol/sourceState';
import type { LogWindow, LogWindowSnapshot, RowKey } from '../realtime/logWindow';
import { useConnection } from '../realtime/connectionContext';
import { Paced } from '../realtime/paced';
import { useHeld } from '../realtime/useHeld';
import type { StoreApi } from 'zustand/vanilla';
import type { LogViewStatus, OpenLogView } from '../realtime/openLogView';
import { useHost } from '../realtime/useHost';
import { EmptyState } from '../ui/EmptyState';
import { Notice } from '../ui/Notice';
import { asLogFilter, asPattern, isFiltering, NO_FILTER, regexFault } from './filterChips';
import { LogFooter } from './LogFooter';
import { LogPane, type PaneJump } from './LogPane';
import { LogProblems } from './LogProblems';
import { LogToolbar } from './LogToolbar';
import { fieldsOf, jsonOf } from './jsonLine';
import type { LogsState } from './logsState';
import type { LogsView } from './logsView';
import type { RowSelection } from './rowSelection';
import { scanFault } from './scanText';
import { selectionTitle } from './selectionText';
import { SpokenNews } from './SpokenNews';
import { panesOf } from './splitPanes';
import { useLogCopy } from './useLogCopy';
import { useLogSearch } from './useLogSearch';
import { useRowLook } from './useRowLook';
import { useSaid } from './useSaid';
import { useShownWindow } from './useShownWindow';

/** Where the reader is has to be known after a reload, not at each step. */
const KEEP_PLACE_MS = 500;

export interface FollowedLogsProps {
  readonly view: LogsView;
  readonly opened: OpenLogView;
  readonly logs: LogViewStatus | undefined;
  /** Of the source. */
  readonly status: SourceStatus | undefined;
  readonly label: string;
  readonly state: LogsState;
  readonly store: StoreApi<LogsState>;
}

/** What one filter lets through, in one pane or more, and everything that can be done with it. */
export function FollowedLogs(props: FollowedLogsProps): ReactElement {
  const { view, opened, logs, status, label, state, store } = props;
  const { clock } = useConnection();
  const onChange = (change: Partial<LogsState>): void => store.setState(change);
  const { run, offers } = useHost();
  const { shown, show } = useShownWindow(clock);
  const [jump, setJump] = useState<PaneJump>();
  const [selection, setSelection] = useState<RowSelection>();
  /** Every line is shown for a while, around one that a filter had found. */
  const [isInContext, setIsInContext] = useState(false);
  const { said, say } = useSaid(clock);
  const searchBox = useRef<HTMLInputElement>(null);
  const top = useRef<LogRow>(undefined);
  const { title } = selectionTitle(view);

  const chosen = isInContext ? NO_FILTER : state.filter;
  const filterKey = JSON.stringify(asLogFilter(chosen, logs?.streams ?? []));
  // The same object for as long as it says the same, whatever else the logs tell.
  const filter = useMemo((): LogFilter => JSON.parse(filterKey), [filterKey]);
  const {
    panes,
    pods,
    filter: shownFilter,
  } = useMemo(
    () => panesOf(filter, state.isSplit ? (logs?.streams ?? []) : []),
    [filter, state.isSplit, logs],
  );
  const isSplit = panes.length > 1;
  // A selected row has a position too, which is that among other rows.
  const goTo = useCallback(({ stream, line }: RowKey): void => setJump({ row: { stream, line } }), []);
  const from = useCallback((): RowKey | undefined => top.current, []);
  const search = useLogSearch({ view: opened, filter: shownFilter, find: state.find, from, onGo: goTo });
  const { isRegex, text: findText } = state.find;
  const hostFind = useMemo(
    () =>
      isRegex && findText !== '' && regexFault(findText) === undefined ? asPattern(state.find) : undefined,
    [isRegex, findText, state.find],
  );
  const look = useRowLook({ state, logs, opened, isSplit });

  const keepPlace = useHeld(
    useCallback(
      () => new Paced(clock, KEEP_PLACE_MS, () => store.setState({ at: top.current?.time })),
      [clock, store],
    ),
  );
  const onTop = (row: LogRow | undefined): void => {
    if (row !== top.current) {
      top.current = row;
      keepPlace?.ask();
    }
  };
  const copy = useLogCopy({
    opened,
    title: `${title} · ${label}`,
    hasNames: look.naming !== 'none' || isSplit,
    say,
    run,
  });
  const onCopy = (isMarkdown: boolean): void => {
    const pane = panes.find(({ key }) => key === selection?.pane);
    void copy(selection, pane?.filter ?? filter, isMarkdown);
  };
  const showContext = (row: RowKey): void => {
    setIsInContext(true);
    goTo(row);
  };
  const leaveContext = (): void => {
    setIsInContext(false);
    if (selection !== undefined) {
      goTo(selection.focus);
    }
  };
  const toggleContext = (around: RowKey | undefined): void => {
    if (isInContext) {
      leaveContext();
    } else if (around === undefined) {
      say(l10n.t('Select a line first, by a click or the arrow keys.'));
    } else {
      showContext(around);
    }
  };
  const onKey = (event: KeyboardEvent, current: LogRow | undefined, window: LogWindow): boolean => {
    const hasControl = event.ctrlKey || event.metaKey;
    switch (event.key) {
      case '/':
        searchBox.current?.focus();
        searchBox.current?.select();
        return true;
      case 'f':
        if (hasControl) {
          searchBox.current?.focus();
          searchBox.current?.select();
        }
        return hasControl;
      case 'n':
      case 'N':
        search.go(event.shiftKey ? 'previous' : 'next');
        return !hasControl;
      case 'F3':
        search.go(event.shiftKey ? 'previous' : 'next');
        return true;
      case 'g':
      case 'G':
        window.follow();
        return !hasControl;
      case 'w':
        if (hasControl) {
          return false;
        }
        onChange({ wraps: !state.wraps });
        return true;
      case 'x':
        if (hasControl || !isFiltering(state.filter)) {
          return false;
        }
        toggleContext(current ?? search.match);
        return true;
      case 'c':
        if (!hasControl || document.getSelection()?.isCollapsed === false) {
          return false;
        }
        onCopy(false);
        return true;
      case 'Escape':
        if (isInContext) {
          leaveContext();
        } else if (selection !== undefined) {
          setSelection(undefined);
        } else {
          onChange({ find: { ...state.find, text: '' } });
        }
        return true;
      default:
        return false;
    }
  };
  const fields = useMemo(
    () =>
      fieldsOf(
        (shown?.rows ?? []).slice(-100).flatMap(({ text }) => {
          const json = jsonOf(text);
          return json === undefined ? [] : [json];
        }),
      ),
    [shown?.rows],
  );
  const isEmpty = shown?.isRead === true && shown.total === 0 && shown.problem === undefined;
  return (
    <>
      <LogToolbar
        {...{ view, logs, status, state, onChange, search, fields, offers, opened, isInContext, say }}
        onContext={() => toggleContext(selection?.focus ?? search.match)}
        searchBox={searchBox}
        isFollowing={shown?.isFollowing ?? true}
        isRead={shown?.isRead ?? false}
        scan={shown?.scan}
        fault={
          scanFault(shown?.scan) ?? (shown?.problem?.code === 'badRequest' ? shown.problem.detail : undefined)
        }
        onCopy={onCopy}
        onCommand={run}
        onLeaveSearch={() => document.querySelector<HTMLElement>('.rows')?.focus()}
      />
      <div className="logs-notice">
        <LogProblems
          status={logs}
          problem={shown?.problem?.code === 'badRequest' ? undefined : shown?.problem}
          source={view.source}
          label={label}
          kind={status?.kind}
          isLive={status?.state.type === 'live'}
          hasLines={(shown?.rows.length ?? 0) > 0}
          onAgain={() => opened.reopen()}
        />
        {isSplit && pods > panes.length && (
          <Notice
            tone="plain"
            what={l10n.t('{0} of {1} pods are shown side by side.', panes.length, pods)}
            more={l10n.t('Leave out pods under “Pods” to see others.')}
          />
        )}
        {isInContext && (
          <Notice tone="plain" what={l10n.t('Every line is shown, around the one that the filter found.')}>
            <vscode-button secondary onClick={leaveContext}>
              {l10n.t('Back to the filter')}
            </vscode-button>
          </Notice>
        )}
      </div>
      <div className="panes">
        {panes.map(({ key, heading, filter: ofPane }, place) => (
          <LogPane
            key={key}
            pane={key}
            view={opened}
            filter={ofPane}
            label={l10n.t('Log lines')}
            {...(heading === undefined ? {} : { heading })}
            look={look}
            wraps={state.wraps}
            hostFind={hostFind}
            match={search.match}
            jump={heading === undefined || heading === podOf(logs, jump) ? jump : undefined}
            startAt={state.at}
            selection={selection?.pane === key ? selection : undefined}
            onSelect={setSelection}
            onSnapshot={place === 0 ? show : undefined}
            onTop={place === 0 ? onTop : undefined}
            onKey={onKey}
          />
        ))}
        {isEmpty && (
          <div className="rows-empty">
            <Nothing isFiltered={isFiltering(chosen)} logs={logs} scan={shown.scan} />
          </div>
        )}
      </div>
      <LogFooter snapshot={shown} logs={logs} isFiltering={isFiltering(chosen) && !isSplit} status={status} />
      <SpokenNews unread={shown?.isFollowing === false ? shown.unread : 0} said={said} />
    </>
  );
}

/** The pod that a jump goes to. */
function podOf(logs: LogViewStatus | undefined, jump: PaneJump | undefined): string | undefined {
  return logs?.streams.find(({ stream }) => stream === jump?.row.stream)?.pod;
}

/** Why there is no line. */
function Nothing(props: {
  readonly isFiltered: boolean;
  readonly logs: LogViewStatus | undefined;
  readonly scan: LogWindowSnapshot['scan'];
}): ReactElement | null {
  const { isFiltered, logs, scan } = props;
  if (logs === undefined || !logs.isRead || (scan !== undefined && scan.lines < scan.of)) {
    return null;
  }
  if (isFiltered) {
    return (
      <EmptyState
        icon="filter"
        title={l10n.t('No line passes the filter')}
        text={l10n.t('Remove a filter above, or wait for lines that pass.')}
      />
    );
  }
  return logs.streams.length === 0 ? (
    <EmptyState
      icon="package"
      title={l10n.t('There are no pods here')}
      text={l10n.t('There is nothing to follow until one is started; it is then taken in by itself.')}
    />
  ) : (
    <EmptyState
      icon="output"
      title={l10n.t('Nothing was written yet')}
      text={l10n.t('Lines appear here as they are written.')}
    />
  );
}
