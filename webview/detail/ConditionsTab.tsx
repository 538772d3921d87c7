import * as l10n from '@vscode/l10n';
import type { ReactElement } from 'react';
import type { ClusterPersona } from '../../src/persona/clusterPersona';
import { conditionHealth } from '../../src/persona/health';
import type { PersonaCondition } from '../../src/persona/personaStatus';
import { agoText } from '../../src/texts/ageText';
import { Now } from '../realtime/Now';
import { Clamped } from '../ui/Clamped';
import { DataTable, type Column } from '../ui/DataTable';
import { formatInstant, parseInstant } from '../ui/formatInstant';
import { unknownText } from '../ui/formatNumber';
import { healthLook } from '../ui/healthLook';
import { Icon } from '../ui/Icon';
import { listGap } from './listGap';
import { NothingDiscovered } from './NothingDiscovered';
import { Unreadable } from './Unreadable';

export function ConditionsTab({ persona }: { readonly persona: ClusterPersona }): ReactElement {
  const conditions = persona.status?.conditions;
  if (conditions === undefined || conditions.length === 0) {
    return (
      <>
        <NothingDiscovered gap={listGap(persona, 'conditions')} title={l10n.t('No conditions')} />
        <Unreadable count={persona.status?.unreadable.conditions ?? 0} />
      </>
    );
  }
  return (
    <>
      <DataTable
        label={l10n.t('Conditions')}
        columns={columns()}
        rows={conditions}
        rowKey={(condition) => condition.type}
      />
      <Unreadable count={persona.status?.unreadable.conditions ?? 0} />
    </>
  );
}

function columns(): readonly Column<PersonaCondition>[] {
  return [
    {
      id: 'type',
      header: l10n.t('Condition'),
      isRowHeader: true,
      wraps: true,
      render: (condition) => (
        <strong>
          <Clamped text={condition.type} />
        </strong>
      ),
    },
    {
      id: 'status',
      header: l10n.t('Status'),
      render: (condition) => <ConditionStatus condition={condition} />,
    },
    {
      id: 'reason',
      header: l10n.t('Reason'),
      wraps: true,
      render: (condition) => <Clamped text={condition.reason ?? '–'} />,
    },
    {
      id: 'message',
      header: l10n.t('Message'),
      wraps: true,
      render: (condition) => condition.message ?? '–',
    },
    {
      id: 'since',
      header: l10n.t('Since'),
      render: (condition) => <Since time={condition.lastTransitionTime} />,
    },
  ];
}

/** Kubernetes' own words: what True means depends on the condition. */
export function ConditionStatus({ condition }: { readonly condition: PersonaCondition }): ReactElement {
  const { icon, tone } = healthLook(conditionHealth(condition));
  return (
    <span className="state">
      <Icon id={icon} tone={tone} /> {condition.status ?? unknownText()}
    </span>
  );
}

export function Since({ time }: { readonly time: string | undefined }): ReactElement {
  const instant = parseInstant(time);
  return instant === undefined ? (
    <span className="muted">{unknownText()}</span>
  ) : (
    <span title={formatInstant(instant)}>
      <Now>{(now) => agoText(instant, now)}</Now>
    </span>
  );
}
