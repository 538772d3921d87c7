import * as l10n from '@vscode/l10n';
import type { ReactElement } from 'react';
import type { Problem } from '../../src/protocol/problem';
import type { SourceKind } from '../../src/protocol/sourceState';
import { problemText } from '../../src/texts/problemText';
import type { LogSnapshot } from '../realtime/logFollower';
import { useHost } from '../realtime/useHost';
import { Notice } from '../ui/Notice';
import { ProblemNotice } from '../ui/ProblemNotice';

export interface LogNoticeProps {
  readonly snapshot: LogSnapshot;
  readonly source: string;
  readonly pod: string;
  readonly label: string;
  readonly kind?: SourceKind | undefined;
  /** Why it is not known which pods there are now, if that was asked in vain. */
  readonly podsProblem: Problem | undefined;
  /** Looks which pods there are now, and follows anew. */
  readonly onAgain: () => void;
}

/** Why no more lines come, or why the choice of pods may be out of date; nothing while all is well. */
export function LogNotice(props: LogNoticeProps): ReactElement | null {
  const { snapshot, source, pod, label, kind, podsProblem, onAgain } = props;
  const { run, offers } = useHost();
  const { state, lines } = snapshot;
  const stillShown = lines.length > 0 ? l10n.t('The lines read before are still here.') : undefined;
  const explain = (problem: Problem): ReactElement => (
    <ProblemNotice
      {...{ problem, source, label, kind, stillShown, offers }}
      onRetry={onAgain}
      onCommand={run}
    />
  );
  switch (state.type) {
    case 'connecting':
    case 'following':
      return podsProblem === undefined ? null : explain(podsProblem);
    case 'ended':
      return (
        <Notice
          tone="plain"
          what={l10n.t('The log of {0} ended: its container stopped.', pod)}
          more={stillShown}
        >
          <vscode-button secondary onClick={onAgain}>
            {l10n.t('Follow again')}
          </vscode-button>
        </Notice>
      );
    case 'failed':
      // It was connected once, and goes on by itself when it is again.
      if (state.problem.code === 'closed' && kind !== 'hub') {
        return (
          <Notice tone="plain" what={problemText(state.problem, label).what} more={stillShown}>
            {offers('reconnect') && (
              <vscode-button secondary onClick={() => run({ type: 'reconnect', source })}>
                {l10n.t('Reconnect')}
              </vscode-button>
            )}
          </Notice>
        );
      }
      if (state.problem.code === 'notFound') {
        return (
          <Notice tone="warning" what={l10n.t('Pod {0} is gone.', pod)} more={stillShown}>
            <vscode-button secondary onClick={onAgain}>
              {l10n.t('Look for pods')}
            </vscode-button>
          </Notice>
        );
      }
      return explain(state.problem);
    default:
      return state satisfies never;
  }
}
