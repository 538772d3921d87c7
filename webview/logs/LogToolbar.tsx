import * as l10n from '@vscode/l10n';
import type { ReactElement, Ref } from 'react';
import type { LogScan } from '../../src/protocol/logView';
import { decode } from '../../src/protocol/messages';
import type { ViewCommand } from '../../src/protocol/requests';
import type { SourceStatus } from '../../src/protocol/sourceState';
import type { LogViewStatus, OpenLogView } from '../realtime/openLogView';
import { Now } from '../realtime/Now';
import { DotList } from '../ui/DotList';
import { formatCount } from '../ui/formatNumber';
import { IconButton } from '../ui/IconButton';
import { StatePill } from '../ui/StatePill';
import { CheckList } from './CheckList';
import { FilterBar } from './FilterBar';
import { asLogFilter, isFiltering, toggled } from './filterChips';
import { HighlightRules } from './HighlightRules';
import { FollowPill } from './FollowPill';
import { kubectlCommand } from './kubectlCommand';
import type { LogsState } from './logsState';
import type { LogsView } from './logsView';
import { Picker } from './Picker';
import { Popover } from './Popover';
import { TIME_MODES, timeModeSchema, type TimeMode } from './rowTime';
import { SearchBox } from './SearchBox';
import { selectionTitle } from './selectionText';
import { streamStateText } from './streamStateText';
import type { LogSearch } from './useLogSearch';

/** More fields are no help. */
const MAX_FIELDS = 40;

export interface LogToolbarProps {
  readonly view: LogsView;
  readonly opened: OpenLogView;
  readonly logs: LogViewStatus | undefined;
  readonly status: SourceStatus | undefined;
  readonly state: LogsState;
  readonly onChange: (change: Partial<LogsState>) => void;
  readonly search: LogSearch;
  readonly searchBox: Ref<HTMLInputElement>;
  readonly isFollowing: boolean;
  readonly isRead: boolean;
  readonly scan: LogScan | undefined;
  /** What is wrong with the filter. */
  readonly fault: string | undefined;
  /** Fields of the JSON lines that are here. */
  readonly fields: readonly string[];
  readonly offers: (type: ViewCommand['type']) => boolean;
  readonly onCommand: (command: ViewCommand) => void;
  readonly onCopy: (isMarkdown: boolean) => void;
  readonly onLeaveSearch: () => void;
  /** Shows every line around the one that is selected, or goes back to the filter. */
  readonly onContext: () => void;
  readonly isInContext: boolean;
  readonly say: (text: string) => void;
}

/** Whose logs these are, what is searched in them, which lines are shown, and how. */
export function LogToolbar(props: LogToolbarProps): ReactElement {
  const { view, logs, status, state, onChange, search, searchBox, isFollowing, isRead } = props;
  const { title, facts } = selectionTitle(view);
  return (
    <header className="toolbar">
      <div className="toolbar-row">
        <div className="title">
          <h1>{title}</h1>
          <span className="muted">
            <DotList items={[...(view.name === '' ? [] : [view.name]), ...facts]} />
          </span>
          {status !== undefined && status.state.type !== 'live' && (
            <Now>{(now) => <StatePill status={status} now={now} />}</Now>
          )}
          <FollowPill {...{ logs, status, isFollowing, isRead }} />
        </div>
        <SearchBox
          ref={searchBox}
          find={state.find}
          search={search}
          onChange={(find) => onChange({ find })}
          onLeave={props.onLeaveSearch}
        />
      </div>
      <div className="toolbar-row">
        <div className="toolbar-start">
          <FilterBar
            filter={state.filter}
            scan={props.scan}
            fault={props.fault}
            onChange={(filter) => onChange({ filter })}
          />
          <PodsAndContainers {...{ logs, state, onChange }} />
        </div>
        <LooksAndActions {...props} />
      </div>
    </header>
  );
}

function PodsAndContainers(props: Pick<LogToolbarProps, 'logs' | 'state' | 'onChange'>): ReactElement | null {
  const { logs, state, onChange } = props;
  const { filter } = state;
  const streams = logs?.streams ?? [];
  const pods = [...new Set(streams.map(({ pod }) => pod))];
  const containers = [...new Set(streams.map(({ container }) => container))];
  const shown = pods.filter((pod) => !filter.hiddenPods.includes(pod)).length;
  const isHiding = shown < pods.length || containers.some((name) => filter.hiddenContainers.includes(name));
  if (streams.length < 2 && !isHiding) {
    return null;
  }
  return (
    <Popover
      text={
        isHiding
          ? l10n.t('Pods: {0} of {1}', formatCount(shown), formatCount(pods.length))
          : l10n.t('Pods: {0}', formatCount(pods.length))
      }
      isActive={isHiding}
    >
      {() => (
        <>
          <CheckList
            label={l10n.t('Pods')}
            items={pods.map((name) => ({
              name,
              isChecked: !filter.hiddenPods.includes(name),
              more: streamStateText(streams.filter(({ pod }) => pod === name)),
            }))}
            onToggle={(name) =>
              onChange({ filter: { ...filter, hiddenPods: toggled(filter.hiddenPods, name) } })
            }
          />
          {containers.length > 1 && (
            <CheckList
              label={l10n.t('Containers')}
              items={containers.map((name) => ({
                name,
                isChecked: !filter.hiddenContainers.includes(name),
              }))}
              onToggle={(name) =>
                onChange({
                  filter: { ...filter, hiddenContainers: toggled(filter.hiddenContainers, name) },
                })
              }
            />
          )}
          <button
            type="button"
            className="link"
            onClick={() => onChange({ filter: { ...filter, hiddenPods: [], hiddenContainers: [] } })}
          >
            {l10n.t('All of them')}
          </button>
        </>
      )}
    </Popover>
  );
}

function LooksAndActions(props: LogToolbarProps): ReactElement {
  const { state, onChange, fields, logs } = props;
  const podCount = new Set(logs?.streams.map(({ pod }) => pod)).size;
  return (
    <div className="toolbar-end">
      <Picker
        label={l10n.t('Times')}
        value={state.time}
        options={TIME_MODES.map((mode) => ({ value: mode, label: timeModeText(mode) }))}
        onPick={(value) => {
          const time = decode(timeModeSchema, value);
          if (time.ok) {
            onChange({ time: time.value });
          }
        }}
      />
      <IconButton
        icon="word-wrap"
        label={l10n.t('Wrap long lines (w)')}
        isPressed={state.wraps}
        onClick={() => onChange({ wraps: !state.wraps })}
      />
      {(podCount > 1 || state.isSplit) && (
        <IconButton
          icon="split-horizontal"
          label={l10n.t('One pane for each pod')}
          isPressed={state.isSplit}
          onClick={() => onChange({ isSplit: !state.isSplit })}
        />
      )}
      <IconButton
        icon="history"
        label={l10n.t('The runs before the present ones')}
        isPressed={state.isPrevious}
        onClick={() => onChange({ isPrevious: !state.isPrevious })}
      />
      {(fields.length > 0 || state.columns.length > 0) && (
        <Popover text={l10n.t('Columns')} isActive={state.columns.length > 0}>
          {() => (
            <CheckList
              label={l10n.t('Fields of JSON lines')}
              items={[...new Set([...state.columns, ...fields])].slice(0, MAX_FIELDS).map((name) => ({
                name,
                isChecked: state.columns.includes(name),
              }))}
              onToggle={(name) =>
                onChange({
                  columns: state.columns.includes(name)
                    ? state.columns.filter((other) => other !== name)
                    : [...state.columns, name],
                })
              }
            />
          )}
        </Popover>
      )}
      <Popover text={l10n.t('Highlight')} isActive={state.rules.length > 0}>
        {() => <HighlightRules rules={state.rules} onChange={(rules) => onChange({ rules })} />}
      </Popover>
      <Actions {...props} />
    </div>
  );
}

function Actions(props: LogToolbarProps): ReactElement {
  const { view, opened, logs, status, state, offers, onCommand, onCopy, say } = props;
  const filter = asLogFilter(state.filter, logs?.streams ?? []);
  const isFiltered = isFiltering(state.filter);
  const send = (type: 'saveLogs' | 'openLogDocument'): void => {
    if (opened.id !== undefined) {
      onCommand({ type, view: opened.id, filter, name: selectionTitle(view).title });
    }
  };
  const follow = (): void => {
    const command = kubectlCommand({ view, status, filter, isPrevious: state.isPrevious });
    if (typeof command === 'string') {
      say(command);
    } else {
      onCommand(command);
    }
  };
  return (
    <>
      {isFiltered && (
        <IconButton
          icon="unfold"
          label={l10n.t('Every line around the selected one (x)')}
          isPressed={props.isInContext}
          onClick={props.onContext}
        />
      )}
      {offers('copy') && (
        <>
          <IconButton
            icon="copy"
            label={l10n.t('Copy the selected lines (Ctrl+C)')}
            onClick={() => onCopy(false)}
          />
          <IconButton
            icon="markdown"
            label={l10n.t('Copy the selected lines as Markdown')}
            onClick={() => onCopy(true)}
          />
        </>
      )}
      {offers('saveLogs') && (
        <IconButton
          icon="save"
          label={
            isFiltered
              ? l10n.t('Save the lines that pass the filter to a file…')
              : l10n.t('Save every line to a file…')
          }
          onClick={() => send('saveLogs')}
        />
      )}
      {offers('openLogDocument') && (
        <IconButton
          icon="go-to-file"
          label={l10n.t('Open as a document (at most 45 MB)')}
          onClick={() => send('openLogDocument')}
        />
      )}
      {offers('openLogTerminal') && (
        <IconButton icon="terminal" label={l10n.t('Follow with kubectl in a terminal')} onClick={follow} />
      )}
    </>
  );
}

function timeModeText(mode: TimeMode): string {
  switch (mode) {
    case 'local':
      return l10n.t('Local time');
    case 'utc':
      return l10n.t('UTC');
    case 'relative':
      return l10n.t('Before now');
    case 'off':
      return l10n.t('No times');
    default:
      return mode satisfies never;
  }
}
