import * as l10n from '@vscode/l10n';
import type { ReactElement } from 'react';
import type { SourceState, SourceStatus } from '../../src/protocol/sourceState';
import type { LogViewStatus } from '../realtime/openLogView';
import type { Look } from '../ui/healthLook';
import { Icon } from '../ui/Icon';

export interface FollowPillProps {
  readonly logs: LogViewStatus | undefined;
  /** Of the source. */
  readonly status: SourceStatus | undefined;
  /** Whether the view stays at the end of the log. */
  readonly isFollowing: boolean;
  readonly isRead: boolean;
}

/** How the logs stand; that the reader has scrolled back is said, since lines then come unseen. */
export function FollowPill(props: FollowPillProps): ReactElement {
  const { icon, tone, word } = look(props);
  return (
    <span className="pill">
      <Icon id={icon} tone={tone} />
      <output className="pill-text">{word}</output>
    </span>
  );
}

function look({ logs, status, isFollowing, isRead }: FollowPillProps): Look & { readonly word: string } {
  if (logs !== undefined && status !== undefined && !isAnswering(status.state)) {
    return { icon: 'debug-disconnect', tone: 'warning', word: l10n.t('interrupted') };
  }
  const streams = logs?.streams ?? [];
  const of = (type: (typeof streams)[number]['state']['type']): number =>
    streams.filter(({ state }) => state.type === type).length;
  if (logs === undefined || !isRead || (streams.length > 0 && of('connecting') === streams.length)) {
    return { icon: 'sync~spin', tone: 'plain', word: l10n.t('connecting') };
  }
  if (of('following') + of('connecting') === 0 && streams.length > 0) {
    return of('failed') > 0
      ? { icon: 'warning', tone: 'warning', word: l10n.t('failed') }
      : { icon: 'debug-stop', tone: 'muted', word: l10n.t('ended') };
  }
  return isFollowing
    ? { icon: 'circle-large-filled', tone: 'ok', word: l10n.t('following') }
    : { icon: 'debug-pause', tone: 'plain', word: l10n.t('scrolled back') };
}

/** Whether the source's server answers, be it with a refusal: logs need other permissions than personas do. */
function isAnswering({ type }: SourceState): boolean {
  switch (type) {
    case 'syncing':
    case 'live':
    case 'forbidden':
    case 'notInstalled':
      return true;
    case 'idle':
    case 'connecting':
    case 'stale':
    case 'reconnecting':
    case 'unauthorized':
    case 'failed':
    case 'paused':
      return false;
    default:
      return type satisfies never;
  }
}
