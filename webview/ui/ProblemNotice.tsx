import * as l10n from '@vscode/l10n';
import type { ReactElement } from 'react';
import type { Problem } from '../../src/protocol/problem';
import type { ViewCommand } from '../../src/protocol/requests';
import type { SourceKind } from '../../src/protocol/sourceState';
import { requestProblemText } from '../../src/texts/problemText';
import { Notice } from './Notice';

export interface ProblemNoticeProps {
  readonly problem: Problem;
  /** The source that has it, and what the reader knows it as. */
  readonly source: string;
  readonly label: string;
  /** By which way it is reached. */
  readonly kind?: SourceKind | undefined;
  /** Said when what is shown below is from before. */
  readonly stillShown?: string | undefined;
  readonly onRetry: () => void;
  readonly onCommand: (command: ViewCommand) => void;
  /** Which commands can be had here; all by default. */
  readonly offers?: (type: ViewCommand['type']) => boolean;
}

/** What happened, what still works, and the one thing to do. */
export function ProblemNotice(props: ProblemNoticeProps): ReactElement {
  const { problem, source, label, kind, stillShown, onCommand, offers = () => true } = props;
  const { what, remedy } = requestProblemText(problem, label, kind);
  const action = remedyAction(problem, source);
  return (
    <Notice tone="warning" what={what} more={stillShown === undefined ? remedy : `${stillShown} ${remedy}`}>
      {action !== undefined && offers(action.command.type) && (
        <vscode-button secondary onClick={() => onCommand(action.command)}>
          {action.text}
        </vscode-button>
      )}
      {/* Without a connection there is nobody to ask; with one it is asked again by itself. */}
      {problem.code !== 'closed' && (
        <vscode-button secondary onClick={props.onRetry}>
          {l10n.t('Try again')}
        </vscode-button>
      )}
    </Notice>
  );
}

/** What the editor can do of that which the remedy asks for; `undefined` where that is done elsewhere. */
function remedyAction(
  { code }: Problem,
  source: string,
): { readonly text: string; readonly command: ViewCommand } | undefined {
  switch (code) {
    case 'closed':
    case 'consent':
      return { text: l10n.t('Connect'), command: { type: 'reconnect', source } };
    case 'unauthorized':
    case 'credentials':
      return { text: l10n.t('Reconnect'), command: { type: 'reconnect', source } };
    case 'internal':
    case 'badRequest':
    case 'unknownMessage':
      return { text: l10n.t('Show log'), command: { type: 'showLog' } };
    case 'kubeconfig':
    case 'unreachable':
    case 'dns':
    case 'tls':
    case 'proxy':
    case 'forbidden':
    case 'notInstalled':
    case 'notFound':
    case 'throttled':
    case 'serverError':
    case 'expired':
    case 'malformed':
    case 'upstream':
    case 'unsupported':
      return undefined;
    default:
      return code satisfies never;
  }
}
