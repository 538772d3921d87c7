import * as l10n from '@vscode/l10n';
import type { ReactElement } from 'react';
import type { LogSnapshot } from '../realtime/logFollower';
import { Notice } from '../ui/Notice';
import { ProblemNotice } from '../ui/ProblemNotice';

export interface LogNoticeProps {
  readonly snapshot: LogSnapshot;
  readonly pod: string;
  readonly label: string;
  /** Looks which pods there are now, and follows anew. */
  readonly onAgain: () => void;
}

/** Why no more lines come; nothing while they do. */
export function LogNotice({ snapshot, pod, label, onAgain }: LogNoticeProps): ReactElement | null {
  const { state, lines } = snapshot;
  const stillShown = lines.length > 0 ? l10n.t('The lines read before are still here.') : undefined;
  switch (state.type) {
    case 'connecting':
    case 'following':
      return null;
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
      if (state.problem.code === 'notFound') {
        return (
          <Notice tone="warning" what={l10n.t('Pod {0} is gone.', pod)} more={stillShown}>
            <vscode-button secondary onClick={onAgain}>
              {l10n.t('Look for pods')}
            </vscode-button>
          </Notice>
        );
      }
      return (
        <ProblemNotice problem={state.problem} label={label} stillShown={stillShown} onRetry={onAgain} />
      );
    default:
      return state satisfies never;
  }
}
