import * as l10n from '@vscode/l10n';
import type { ReactElement } from 'react';
import type { ClusterPersona } from '../../src/persona/clusterPersona';
import { addonHealth } from '../../src/persona/health';
import type { PersonaAddon } from '../../src/persona/personaStatus';
import { Card } from '../ui/Card';
import { Changed } from '../ui/Changed';
import { Clamped } from '../ui/Clamped';
import { DotList } from '../ui/DotList';
import { formatCount, unknownText } from '../ui/formatNumber';
import { healthLook } from '../ui/healthLook';
import { Icon } from '../ui/Icon';
import { LinkButton } from '../ui/LinkButton';
import { withKeys } from '../ui/withKeys';
import { AddonLogsLink } from './AddonLogsLink';
import { addonKey, byUrgency } from './addonOrder';
import { addonHealthText } from './addonText';
import type { DetailTab } from './detailState';
import { listGap } from './listGap';
import { ListGapText } from './ListGapText';
import { Unreadable } from './Unreadable';

/** A card is for a glance: the tab has them all. */
const MAX_ADDONS = 12;

export interface AddonsCardProps {
  readonly source: string;
  readonly persona: ClusterPersona;
  readonly onOpenTab: (tab: DetailTab) => void;
}

export function AddonsCard({ source, persona, onOpenTab }: AddonsCardProps): ReactElement {
  const addons = persona.status?.addons;
  const installed = byUrgency(addons ?? []).filter((addon) => addon.installed !== false);
  const missing = (addons ?? []).filter((addon) => addon.installed === false).map(({ name }) => name);
  return (
    <Card
      title={l10n.t('Add-ons')}
      aside={addons === undefined ? undefined : l10n.t('{0} installed', formatCount(installed.length))}
    >
      {(addons === undefined || addons.length === 0) && <ListGapText gap={listGap(persona, 'addons')} />}
      {installed.length > 0 && (
        <table className="table table-compact addon-list" aria-label={l10n.t('Add-ons')}>
          <tbody>
            {withKeys(installed.slice(0, MAX_ADDONS), addonKey).map(({ item: addon, key }) => (
              <AddonRow key={key} {...{ source, addon }} name={persona.name} />
            ))}
          </tbody>
        </table>
      )}
      {installed.length > MAX_ADDONS && (
        <LinkButton onClick={() => onOpenTab('addons')}>
          {l10n.t('Show all {0}', formatCount(installed.length))}
        </LinkButton>
      )}
      <Unreadable count={persona.status?.unreadable.addons ?? 0} />
      {missing.length > 0 && (
        <p className="muted addons-missing">
          <Clamped text={missingText(missing)} />
        </p>
      )}
    </Card>
  );
}

function AddonRow(props: {
  readonly source: string;
  readonly name: string;
  readonly addon: PersonaAddon;
}): ReactElement {
  const { addon } = props;
  const health = addonHealth(addon);
  const { icon, tone } = healthLook(health);
  const word = addonHealthText(health);
  const isQuiet = health === 'ok' || health === 'unknown';
  return (
    <tr>
      <td className="addon-icon" title={word}>
        <Icon id={icon} tone={tone} />
        <span className="sr-only">{word}</span>
      </td>
      <th scope="row" className="wraps">
        <Clamped text={addon.name} />
      </th>
      <td className="muted wraps">
        <Changed value={addon.version}>
          {isQuiet ? (
            <Clamped text={addon.version ?? unknownText()} />
          ) : (
            <DotList
              items={
                addon.version === undefined ? [word] : [<Clamped key="version" text={addon.version} />, word]
              }
            />
          )}
        </Changed>
      </td>
      <td className="numeric">
        <AddonLogsLink source={props.source} name={props.name} addon={addon} />
      </td>
    </tr>
  );
}

/** A text of two lines at the most: beyond so many names their number says more. */
function missingText(names: readonly string[]): string {
  const text = l10n.t('Not installed: {0}', names.slice(0, MAX_ADDONS).join(', '));
  return names.length > MAX_ADDONS
    ? `${text} ${l10n.t('and {0} more', formatCount(names.length - MAX_ADDONS))}`
    : text;
}
