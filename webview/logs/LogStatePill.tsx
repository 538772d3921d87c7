import * as l10n from '@vscode/l10n';
import type { ReactElement } from 'react';
import type { LogState } from '../../src/protocol/podLog';
import { spanText } from '../../src/texts/ageText';
import { Now } from '../realtime/Now';
import type { Look } from '../ui/healthLook';
import { Icon } from '../ui/Icon';

export interface LogStatePillProps {
  readonly state: LogState;
  /** Whether the view stays at the end of the log. */
  readonly isFollowing: boolean;
}

/** How the stream stands; that the reader has scrolled back is said, since lines then come unseen. */
export function LogStatePill({ state, isFollowing }: LogStatePillProps): ReactElement {
  const { icon, tone } = look(state, isFollowing);
  return (
    <span className="pill">
      <Icon id={icon} tone={tone} />
      <output className="pill-text">{word(state, isFollowing)}</output>
      {state.type === 'failed' && state.retryAt !== undefined && <Retry at={state.retryAt} />}
    </span>
  );
}

function Retry({ at }: { readonly at: number }): ReactElement {
  return (
    <span className="muted" aria-hidden="true">
      ·{' '}
      <Now>
        {(now) =>
          at > now
            ? l10n.t('again in {0}', spanText(Math.ceil((at - now) / 1_000) * 1_000))
            : l10n.t('trying again')
        }
      </Now>
    </span>
  );
}

function word(state: LogState, isFollowing: boolean): string {
  switch (state.type) {
    case 'connecting':
      return l10n.t('connecting');
    case 'following':
      return isFollowing ? l10n.t('following') : l10n.t('scrolled back');
    case 'ended':
      return l10n.t('ended');
    case 'failed':
      return l10n.t('failed');
    default:
      return state satisfies never;
  }
}

function look(state: LogState, isFollowing: boolean): Look {
  switch (state.type) {
    case 'connecting':
      return { icon: 'sync~spin', tone: 'plain' };
    case 'following':
      return isFollowing
        ? { icon: 'circle-large-filled', tone: 'ok' }
        : { icon: 'debug-pause', tone: 'plain' };
    case 'ended':
      return { icon: 'debug-stop', tone: 'muted' };
    case 'failed':
      return { icon: 'warning', tone: 'warning' };
    default:
      return state satisfies never;
  }
}
