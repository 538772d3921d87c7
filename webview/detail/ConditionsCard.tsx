import * as l10n from '@vscode/l10n';
import type { ReactElement } from 'react';
import type { ClusterPersona } from '../../src/persona/clusterPersona';
import { conditionHealth } from '../../src/persona/health';
import type { PersonaCondition } from '../../src/persona/personaStatus';
import { Card } from '../ui/Card';
import { FactList } from '../ui/FactList';
import { formatCount } from '../ui/formatNumber';
import { LinkButton } from '../ui/LinkButton';
import { ConditionStatus, Since } from './ConditionsTab';
import type { DetailTab } from './detailState';
import { Unreadable } from './Unreadable';

/** A card is for a glance: the tab has them all. Each counts the seconds, so that thousands would never come to rest. */
const MAX_CONDITIONS = 12;

export interface ConditionsCardProps {
  readonly persona: ClusterPersona;
  readonly onOpenTab: (tab: DetailTab) => void;
}

/** Conditions on a line each, as reported; of too many those that need somebody. Nothing where there are none. */
export function ConditionsCard({ persona, onOpenTab }: ConditionsCardProps): ReactElement | null {
  const conditions = persona.status?.conditions ?? [];
  const unreadable = persona.status?.unreadable.conditions ?? 0;
  if (conditions.length === 0 && unreadable === 0) {
    return null;
  }
  return (
    <Card title={l10n.t('Conditions')}>
      <FactList
        facts={forGlance(conditions).map((condition) => ({
          label: condition.type,
          value: (
            <span className="spread">
              <span title={condition.message}>
                <ConditionStatus condition={condition} />
              </span>
              <span className="muted">
                <Since time={condition.lastTransitionTime} />
              </span>
            </span>
          ),
        }))}
      />
      {conditions.length > MAX_CONDITIONS && (
        <LinkButton onClick={() => onOpenTab('conditions')}>
          {l10n.t('Show all {0}', formatCount(conditions.length))}
        </LinkButton>
      )}
      <Unreadable count={unreadable} />
    </Card>
  );
}

function forGlance(conditions: readonly PersonaCondition[]): readonly PersonaCondition[] {
  return conditions.length <= MAX_CONDITIONS
    ? conditions
    : conditions.toSorted((a, b) => urgency(a) - urgency(b)).slice(0, MAX_CONDITIONS);
}

function urgency(condition: PersonaCondition): number {
  const health = conditionHealth(condition);
  return health === 'error' ? 0 : health === 'warning' ? 1 : 2;
}
