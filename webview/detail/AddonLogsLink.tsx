import * as l10n from '@vscode/l10n';
import type { ReactElement } from 'react';
import type { PersonaAddon } from '../../src/persona/personaStatus';
import { useCommandLink } from '../realtime/useCommand';
import { LinkButton } from '../ui/LinkButton';

export interface AddonLogsLinkProps {
  readonly source: string;
  readonly name: string;
  readonly addon: PersonaAddon;
}

/** Opens the logs of an add-on's namespace; nothing where there is none to have logs. */
export function AddonLogsLink({ source, name, addon }: AddonLogsLinkProps): ReactElement | null {
  const link = useCommandLink({ type: 'openLogs', source, name, addon: addon.name });
  if (addon.installed === false || addon.namespace === undefined) {
    return null;
  }
  return (
    <LinkButton label={l10n.t('Logs of {0}', addon.name)} {...link}>
      {l10n.t('logs')}
    </LinkButton>
  );
}
