import * as l10n from '@vscode/l10n';
import type { ReactElement } from 'react';
import { useHost } from '../realtime/useHost';
import { LinkButton } from '../ui/LinkButton';

export interface NodeLogsLinkProps {
  readonly source: string;
  readonly name: string;
  readonly node: string;
}

/** Opens the logs of all pods of a node; nothing where that is not offered. */
export function NodeLogsLink({ source, name, node }: NodeLogsLinkProps): ReactElement | null {
  const { run, offers } = useHost();
  return offers('openNodeLogs') ? (
    <LinkButton
      label={l10n.t('Logs of {0}', node)}
      onClick={() => run({ type: 'openNodeLogs', source, name, node })}
    >
      {l10n.t('logs')}
    </LinkButton>
  ) : null;
}
