import * as l10n from '@vscode/l10n';
import type { ReactElement } from 'react';
import type { ClusterPersona } from '../../src/persona/clusterPersona';
import { Card } from '../ui/Card';
import { FactList } from '../ui/FactList';
import { ConditionStatus, Since } from './ConditionsTab';
import { Unreadable } from './Unreadable';

/** Each condition on a line, as reported; nothing where there are none. */
export function ConditionsCard({ persona }: { readonly persona: ClusterPersona }): ReactElement | null {
  const conditions = persona.status?.conditions ?? [];
  const unreadable = persona.status?.unreadable.conditions ?? 0;
  if (conditions.length === 0 && unreadable === 0) {
    return null;
  }
  return (
    <Card title={l10n.t('Conditions')}>
      <FactList
        facts={conditions.map((condition) => ({
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
      <Unreadable count={unreadable} />
    </Card>
  );
}
