import * as l10n from '@vscode/l10n';
import type { ReactElement } from 'react';
import type { Problem } from '../../src/protocol/problem';
import type { SourceStatus } from '../../src/protocol/sourceState';
import { spanText } from '../../src/texts/ageText';
import { listProblemText } from '../../src/texts/problemText';
import { Now } from '../realtime/Now';
import { useCommand } from '../realtime/useCommand';
import { useHost, useOutage } from '../realtime/useHost';
import { Notice } from '../ui/Notice';

export interface SourceNoticeProps {
  readonly status: SourceStatus;
  /** Whether something from before is still shown. */
  readonly hasData: boolean;
}

/** Says why a source is not live, what that means for what is shown, and what to do. Nothing while all is well. */
export function SourceNotice({ status, hasData }: SourceNoticeProps): ReactElement | null {
  const run = useCommand();
  const { offers } = useHost();
  const isTold = useOutage() !== undefined;
  const reconnect = (text: string): ReactElement | false =>
    offers('reconnect') && (
      <vscode-button secondary onClick={() => run({ type: 'reconnect', source: status.source })}>
        {text}
      </vscode-button>
    );
  const showLog = offers('showLog') && (
    <vscode-button secondary onClick={() => run({ type: 'showLog' })}>
      {l10n.t('Show log')}
    </vscode-button>
  );
  const { state, kind, label, asOf } = status;
  const stillShown = hasData && asOf !== undefined ? <StillShown asOf={asOf} /> : undefined;
  const explain = (problem: Problem): { readonly what: string; readonly more: ReactElement } => {
    const { what, remedy } = listProblemText(problem, label, kind);
    return {
      what,
      more: (
        <>
          {stillShown} {remedy}
        </>
      ),
    };
  };
  if (isTold) {
    // By what surrounds the view, for all sources at once.
    return null;
  }
  switch (state.type) {
    case 'live':
    case 'connecting':
    case 'syncing':
      return null;
    case 'stale':
      return (
        <Notice
          tone="warning"
          {...(state.problem === undefined
            ? { what: l10n.t('{0} is connected, but gives no sign of life.', label), more: stillShown }
            : explain(state.problem))}
        >
          {reconnect(l10n.t('Reconnect'))}
        </Notice>
      );
    case 'reconnecting':
      return (
        <Notice tone="warning" {...explain(state.problem)}>
          {reconnect(l10n.t('Reconnect now'))}
        </Notice>
      );
    case 'unauthorized':
    case 'forbidden':
    case 'notInstalled':
      return (
        <Notice tone="warning" {...explain(state.problem)}>
          {reconnect(l10n.t('Try again'))}
        </Notice>
      );
    case 'failed':
      return (
        <Notice tone="error" {...explain(state.problem)}>
          {reconnect(l10n.t('Try again'))}
          {showLog}
        </Notice>
      );
    case 'paused':
      return (
        <Notice tone="plain" what={l10n.t('Updates from {0} are paused.', label)} more={stillShown}>
          {reconnect(l10n.t('Resume'))}
        </Notice>
      );
    case 'idle':
      return (
        <Notice tone="plain" what={l10n.t('{0} is not connected.', label)} more={stillShown}>
          {reconnect(l10n.t('Connect'))}
        </Notice>
      );
    default:
      return state satisfies never;
  }
}

function StillShown({ asOf }: { readonly asOf: number }): ReactElement {
  return <Now>{(now) => l10n.t('What is shown was true {0} ago.', spanText(now - asOf))}</Now>;
}
