import * as l10n from '@vscode/l10n';
import type { ReactElement } from 'react';
import type { ConnectionState } from '../../src/transport/connectionState';
import { spanText } from '../../src/texts/ageText';
import type { Outage } from '../bridge/viewHost';
import { Now } from '../realtime/Now';
import { Notice } from '../ui/Notice';

export interface HubNoticeProps {
  readonly state: ConnectionState;
  readonly outage: Outage | undefined;
  readonly onRetry: () => void;
}

/** That the hub cannot be reached, how old what is shown is, and what happens next; nothing while the page first connects. */
export function HubNotice({ state, outage, onRetry }: HubNoticeProps): ReactElement | null {
  const problem = 'problem' in state ? state.problem : undefined;
  if (problem === undefined && outage === undefined) {
    return null;
  }
  if (state.type === 'failed') {
    return (
      <div className="hub-notice">
        <Notice
          tone="error"
          what={l10n.t('This page and the hub do not understand each other: {0}.', state.problem.detail)}
          more={l10n.t('The hub may have been updated: load the page again.')}
        >
          <vscode-button secondary onClick={() => location.reload()}>
            {l10n.t('Reload')}
          </vscode-button>
        </Notice>
      </div>
    );
  }
  return (
    <div className="hub-notice">
      <Notice
        tone="warning"
        what={
          problem === undefined
            ? l10n.t('The hub cannot be reached.')
            : l10n.t('The hub cannot be reached: {0}.', problem.detail)
        }
        more={
          <Now>
            {(now) => (
              <span className="hub-notice-more">
                {outage !== undefined &&
                  l10n.t('What is shown was true {0} ago.', spanText(now - outage.since))}{' '}
                {state.type === 'reconnecting' && state.retryAt > now
                  ? l10n.t(
                      'It is tried again in {0}.',
                      spanText(Math.ceil((state.retryAt - now) / 1_000) * 1_000),
                    )
                  : l10n.t('It is being tried again.')}
              </span>
            )}
          </Now>
        }
      >
        <vscode-button secondary onClick={onRetry}>
          {l10n.t('Try now')}
        </vscode-button>
      </Notice>
    </div>
  );
}
