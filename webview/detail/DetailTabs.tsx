import * as l10n from '@vscode/l10n';
import type { ReactElement, ReactNode } from 'react';
import type { ClusterPersona } from '../../src/persona/clusterPersona';
import type { PersonaStatus } from '../../src/persona/personaStatus';
import { Tabs, type Tab } from '../ui/Tabs';
import { AddonsTab } from './AddonsTab';
import { ConditionsTab } from './ConditionsTab';
import type { DetailState, DetailTab } from './detailState';
import { NodesTab } from './NodesTab';
import { OverviewTab } from './OverviewTab';

export interface DetailTabsProps {
  readonly source: string;
  readonly persona: ClusterPersona;
  readonly state: DetailState;
  readonly onChange: (change: Partial<DetailState>) => void;
}

export function DetailTabs(props: DetailTabsProps): ReactElement {
  const { status } = props.persona;
  const tabs: readonly Tab<DetailTab>[] = [
    { id: 'overview', label: l10n.t('Overview') },
    { id: 'nodes', label: l10n.t('Nodes'), count: countOf(status, 'nodes') },
    {
      id: 'addons',
      label: l10n.t('Add-ons'),
      count: status?.addons?.filter((addon) => addon.installed !== false).length,
    },
    { id: 'conditions', label: l10n.t('Conditions'), count: countOf(status, 'conditions') },
  ];
  return (
    <Tabs
      label={l10n.t('Details')}
      tabs={tabs}
      selected={props.state.tab}
      onSelect={(tab) => props.onChange({ tab })}
    >
      <Panel {...props} />
    </Tabs>
  );
}

/** All that are there, as the tiles count them: those included that cannot be read, and are owned up to in the tab. */
function countOf(status: PersonaStatus | undefined, list: 'nodes' | 'conditions'): number | undefined {
  const items = status?.[list];
  return status === undefined || items === undefined ? undefined : items.length + status.unreadable[list];
}

function Panel({ source, persona, state, onChange }: DetailTabsProps): ReactNode {
  switch (state.tab) {
    case 'overview':
      return <OverviewTab source={source} persona={persona} onOpenTab={(tab) => onChange({ tab })} />;
    case 'nodes':
      return (
        <NodesTab
          source={source}
          persona={persona}
          sort={state.nodeSort}
          onSort={(nodeSort) => onChange({ nodeSort })}
        />
      );
    case 'addons':
      return <AddonsTab source={source} persona={persona} />;
    case 'conditions':
      return <ConditionsTab persona={persona} />;
    default:
      return state.tab satisfies never;
  }
}
