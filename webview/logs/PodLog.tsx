import * as l10n from '@vscode/l10n';
import type { ReactElement, ReactNode } from 'react';
import type { PodRow } from '../../src/protocol/podLog';
import type { Problem } from '../../src/protocol/problem';
import type { SourceStatus } from '../../src/protocol/sourceState';
import { useLogStream } from '../realtime/useLogStream';
import { IconButton } from '../ui/IconButton';
import { LogFooter } from './LogFooter';
import { LogLines } from './LogLines';
import { LogNotice } from './LogNotice';
import { LogStatePill } from './LogStatePill';
import type { LogsState } from './logsState';
import type { LogsView } from './logsView';
import { Picker } from './Picker';
import { pickPod } from './pickPod';

export interface PodLogProps {
  readonly view: LogsView;
  readonly title: ReactNode;
  /** Of the source. */
  readonly status: SourceStatus | undefined;
  readonly label: string;
  /** At least one. */
  readonly pods: readonly PodRow[];
  /** Why it is not known whether these are still the pods. */
  readonly podsProblem: Problem | undefined;
  readonly state: LogsState;
  readonly onChange: (change: Partial<LogsState>) => void;
  readonly onRefresh: () => void;
}

/** One container's log, and the choice of another. */
export function PodLog(props: PodLogProps): ReactElement {
  const { view, pods, state, onChange, onRefresh } = props;
  const pod = pods.find(({ name }) => name === state.pod) ?? pickPod(pods, view.addon);
  const container = pod?.containers.find((name) => name === state.container) ?? pod?.containers[0];
  const { snapshot, follower } = useLogStream(
    pod && {
      source: view.source,
      namespace: view.namespace,
      pod: pod.name,
      ...(container !== undefined && { container }),
    },
  );
  const again = (): void => {
    onRefresh();
    follower.reopen();
  };
  return (
    <>
      <header className="toolbar">
        {props.title}
        <div className="pickers">
          <Picker
            label={l10n.t('Pod')}
            value={pod?.name ?? ''}
            options={pods.map((row) => ({
              value: row.name,
              label: row.phase === 'Running' ? row.name : `${row.name} (${row.phase})`,
            }))}
            onPick={(name) => onChange({ pod: name, container: undefined })}
          />
          {pod !== undefined && pod.containers.length > 1 && (
            <Picker
              label={l10n.t('Container')}
              value={container ?? ''}
              options={pod.containers.map((name) => ({ value: name, label: name }))}
              onPick={(name) => onChange({ container: name })}
            />
          )}
          <IconButton icon="refresh" label={l10n.t('Look for pods again')} onClick={onRefresh} />
        </div>
        <div className="toolbar-end">
          <LogStatePill state={snapshot.state} isFollowing={snapshot.isFollowing} />
          <IconButton
            icon="word-wrap"
            label={l10n.t('Wrap long lines')}
            isPressed={state.wraps}
            onClick={() => onChange({ wraps: !state.wraps })}
          />
        </div>
      </header>
      <div className="logs-notice">
        <LogNotice
          snapshot={snapshot}
          source={view.source}
          pod={pod?.name ?? ''}
          label={props.label}
          kind={props.status?.kind}
          podsProblem={props.podsProblem}
          onAgain={again}
        />
      </div>
      <LogLines snapshot={snapshot} follower={follower} wraps={state.wraps} />
      <LogFooter snapshot={snapshot} status={props.status} />
    </>
  );
}
