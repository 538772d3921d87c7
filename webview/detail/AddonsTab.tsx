import * as l10n from '@vscode/l10n';
import type { ReactElement } from 'react';
import type { ClusterPersona } from '../../src/persona/clusterPersona';
import { addonHealth } from '../../src/persona/health';
import type { PersonaAddon } from '../../src/persona/personaStatus';
import { Clamped } from '../ui/Clamped';
import { DataTable, type Column } from '../ui/DataTable';
import { unknownText } from '../ui/formatNumber';
import { healthLook } from '../ui/healthLook';
import { Icon } from '../ui/Icon';
import { AddonLogsLink } from './AddonLogsLink';
import { addonKey, byUrgency } from './addonOrder';
import { addonHealthText, addonTypeText } from './addonText';
import { listGap } from './listGap';
import { NothingDiscovered } from './NothingDiscovered';
import { Unreadable } from './Unreadable';

export interface AddonsTabProps {
  readonly source: string;
  readonly persona: ClusterPersona;
}

export function AddonsTab({ source, persona }: AddonsTabProps): ReactElement {
  const addons = persona.status?.addons;
  if (addons === undefined || addons.length === 0) {
    return (
      <>
        <NothingDiscovered gap={listGap(persona, 'addons')} title={l10n.t('No add-ons')} />
        <Unreadable count={persona.status?.unreadable.addons ?? 0} />
      </>
    );
  }
  return (
    <>
      <DataTable
        label={l10n.t('Add-ons')}
        columns={columns(source, persona.name)}
        rows={byUrgency(addons)}
        rowKey={addonKey}
      />
      <Unreadable count={persona.status?.unreadable.addons ?? 0} />
    </>
  );
}

function columns(source: string, name: string): readonly Column<PersonaAddon>[] {
  const unknown = <span className="muted">{unknownText()}</span>;
  const absent = <span className="muted">–</span>;
  const orUnknown = (addon: PersonaAddon, text: string | undefined): ReactElement =>
    text === undefined ? addon.installed === false ? absent : unknown : <Clamped text={text} />;
  return [
    {
      id: 'name',
      header: l10n.t('Add-on'),
      isRowHeader: true,
      wraps: true,
      render: (addon) => (
        <strong>
          <Clamped text={addon.name} />
        </strong>
      ),
    },
    { id: 'state', header: l10n.t('State'), render: (addon) => <AddonState addon={addon} /> },
    {
      id: 'type',
      header: l10n.t('Type'),
      render: (addon) => (addon.type === undefined ? unknown : addonTypeText(addon.type)),
    },
    {
      id: 'version',
      header: l10n.t('Version'),
      wraps: true,
      render: (addon) => orUnknown(addon, addon.version),
    },
    {
      id: 'namespace',
      header: l10n.t('Namespace'),
      wraps: true,
      render: (addon) => orUnknown(addon, addon.namespace),
    },
    {
      id: 'actions',
      header: l10n.t('Logs'),
      render: (addon) => <AddonLogsLink source={source} name={name} addon={addon} />,
    },
  ];
}

function AddonState({ addon }: { readonly addon: PersonaAddon }): ReactElement {
  const health = addonHealth(addon);
  const { icon, tone } = healthLook(health);
  return (
    <span className="state">
      <Icon id={icon} tone={tone} /> {addonHealthText(health)}
    </span>
  );
}
