import * as l10n from '@vscode/l10n';
import { useState, type ReactElement } from 'react';
import type { Problem } from '../../src/protocol/problem';
import type { SourceKind } from '../../src/protocol/sourceState';
import { problemText } from '../../src/texts/problemText';
import { countText } from '../../src/texts/countText';
import type { LogViewStatus } from '../realtime/openLogView';
import { useHost } from '../realtime/useHost';
import { formatCount } from '../ui/formatNumber';
import { LinkButton } from '../ui/LinkButton';
import { Notice } from '../ui/Notice';
import { ProblemNotice } from '../ui/ProblemNotice';
import { withKeys } from '../ui/withKeys';

/** More are counted. */
const MAX_LISTED = 50;

type StreamStatus = LogViewStatus['streams'][number];

export interface LogProblemsProps {
  readonly status: LogViewStatus | undefined;
  /** Why nothing newer can be read at all. */
  readonly problem: Problem | undefined;
  readonly source: string;
  readonly label: string;
  readonly kind: SourceKind | undefined;
  readonly hasLines: boolean;
  /** Whether its cluster answers otherwise. */
  readonly isLive: boolean;
  readonly onAgain: () => void;
}

/** What keeps logs from being here, each with what can be done; nothing while all is well. */
export function LogProblems(props: LogProblemsProps): ReactElement {
  const { status, problem, source, label, kind, hasLines, isLive, onAgain } = props;
  const { run, offers } = useHost();
  const whole = problem ?? status?.podsProblem ?? commonProblem(status?.streams ?? []);
  const isOfPodsAlone = problem === undefined && whole?.code === 'closed' && isLive;
  const stillShown = hasLines ? l10n.t('The lines read before are still here.') : undefined;
  const failed = (status?.streams ?? []).filter((stream) => causeOf(stream) !== undefined);
  const waiting = (status?.streams ?? []).filter(({ state }) => state.type === 'waiting').length;
  return (
    <>
      {isOfPodsAlone && (
        <Notice
          tone="plain"
          what={l10n.t('Whether there are other pods by now is not known.')}
          more={l10n.t('The connection for them was lost; it is opened again by itself.')}
        />
      )}
      {whole !== undefined && !isOfPodsAlone && (
        <ProblemNotice
          {...{ problem: whole, source, label, kind, stillShown, offers }}
          onRetry={onAgain}
          onCommand={run}
        />
      )}
      {/* A loss of the whole cluster is said once. */}
      {failed.length > 0 && (whole === undefined || isOfPodsAlone) && (
        <FailedLogs {...{ failed, label, onAgain }} />
      )}
      {status !== undefined && waiting > 0 && <WaitingLogs {...{ waiting, most: status.maxStreams }} />}
    </>
  );
}

/** What keeps all logs from being followed, where it is the same for all of several. */
function commonProblem(streams: readonly StreamStatus[]): Problem | undefined {
  const problems = streams.flatMap(({ state }) => (state.type === 'failed' ? [state.problem] : []));
  const [first] = problems;
  const isOfAll = problems.length === streams.length && problems.every(({ code }) => code === first?.code);
  // What is wrong with one alone is told of that one.
  return isOfAll && first?.code !== 'notFound' && (streams.length > 1 || first?.code === 'closed')
    ? first
    : undefined;
}

function FailedLogs(props: {
  readonly failed: readonly StreamStatus[];
  readonly label: string;
  readonly onAgain: () => void;
}): ReactElement {
  const { failed, label, onAgain } = props;
  const [isOpen, setIsOpen] = useState(false);
  const [first] = failed;
  const what =
    failed.length === 1 && first !== undefined
      ? l10n.t('The log of {0} cannot be followed.', nameOf(first))
      : l10n.t('{0} logs cannot be followed.', formatCount(failed.length));
  const cause = first === undefined ? undefined : causeOf(first);
  return (
    <>
      <Notice
        tone="warning"
        what={what}
        more={cause === undefined ? undefined : failed.length === 1 ? causeText(cause, label) : undefined}
      >
        {failed.length > 1 && (
          <LinkButton isExpanded={isOpen} controls="failed-logs" onClick={() => setIsOpen(!isOpen)}>
            {isOpen ? l10n.t('Hide') : l10n.t('Which, and why')}
          </LinkButton>
        )}
        <vscode-button secondary onClick={onAgain}>
          {l10n.t('Try again')}
        </vscode-button>
      </Notice>
      {isOpen && failed.length > 1 && (
        <ul className="failed-logs" id="failed-logs">
          {withKeys(failed.slice(0, MAX_LISTED), nameOf).map(({ item, key }) => {
            const why = causeOf(item);
            return (
              <li key={key}>
                <strong>{nameOf(item)}</strong> {why !== undefined && causeText(why, label)}
              </li>
            );
          })}
          {failed.length > MAX_LISTED && (
            <li className="muted">{l10n.t('and {0} more', formatCount(failed.length - MAX_LISTED))}</li>
          )}
        </ul>
      )}
    </>
  );
}

function WaitingLogs({ waiting, most }: { readonly waiting: number; readonly most: number }): ReactElement {
  return (
    <Notice
      tone="plain"
      what={countText(
        waiting,
        l10n.t('1 log waits for its turn.'),
        l10n.t('{0} logs wait for their turn.', formatCount(waiting)),
      )}
      more={l10n.t(
        'At most {0} are followed at once: follow less, or raise the setting clusterpersona.logs.followed.',
        formatCount(most),
      )}
    />
  );
}

type Cause = { readonly problem: Problem } | { readonly reason: string };

function causeOf({ state, reason, isGone, lines }: StreamStatus): Cause | undefined {
  // What its pod wrote before it went is all here.
  if (isGone === true && lines > 0) {
    return undefined;
  }
  if (reason !== undefined && state.type !== 'following') {
    return { reason };
  }
  return state.type === 'failed' ? { problem: state.problem } : undefined;
}

function causeText(cause: Cause, label: string): string {
  if ('reason' in cause) {
    return l10n.t('Its pod has failed: {0}. Look at another pod, or at the runs before.', cause.reason);
  }
  if (cause.problem.code === 'forbidden') {
    return l10n.t(
      'You are not allowed to read it: {0}. Ask for get on pods/log, or use another context.',
      cause.problem.detail,
    );
  }
  const { what, remedy } = problemText(cause.problem, label);
  return `${what} ${remedy}`;
}

function nameOf({ pod, container }: StreamStatus): string {
  return container === '' ? pod : `${pod}/${container}`;
}
