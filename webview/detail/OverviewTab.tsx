import type { ReactElement } from 'react';
import type { ClusterPersona } from '../../src/persona/clusterPersona';
import { AddonsCard } from './AddonsCard';
import { ConditionsCard } from './ConditionsCard';
import type { DetailTab } from './detailState';
import { FactsCard } from './FactsCard';
import { NodePoolsCard } from './NodePoolsCard';
import { DefaultsCard, RulesCard } from './RulesCard';

export interface OverviewTabProps {
  readonly source: string;
  readonly persona: ClusterPersona;
  readonly onOpenTab: (tab: DetailTab) => void;
}

export function OverviewTab({ source, persona, onOpenTab }: OverviewTabProps): ReactElement {
  return (
    <div className="overview">
      <div className="overview-main">
        <NodePoolsCard persona={persona} onOpenTab={onOpenTab} />
        <RulesCard persona={persona} />
        <DefaultsCard persona={persona} />
      </div>
      <div className="overview-side">
        <AddonsCard source={source} persona={persona} onOpenTab={onOpenTab} />
        <ConditionsCard persona={persona} onOpenTab={onOpenTab} />
        <FactsCard persona={persona} />
      </div>
    </div>
  );
}
