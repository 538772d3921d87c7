import * as l10n from '@vscode/l10n';
import type { ReactElement } from 'react';
import type { Problem } from '../../src/protocol/problem';
import { problemText } from '../../src/texts/problemText';
import { Notice } from './Notice';

export interface ProblemNoticeProps {
  readonly problem: Problem;
  /** What the reader knows the source as. */
  readonly label: string;
  /** Said when what is shown below is from before. */
  readonly stillShown?: string | undefined;
  readonly onRetry?: (() => void) | undefined;
}

/** What happened, what still works, and the one thing to do. */
export function ProblemNotice({ problem, label, stillShown, onRetry }: ProblemNoticeProps): ReactElement {
  const { what, remedy } = problemText(problem, label);
  return (
    <Notice tone="warning" what={what} more={stillShown === undefined ? remedy : `${stillShown} ${remedy}`}>
      {onRetry !== undefined && (
        <vscode-button secondary onClick={onRetry}>
          {l10n.t('Try again')}
        </vscode-button>
      )}
    </Notice>
  );
}
