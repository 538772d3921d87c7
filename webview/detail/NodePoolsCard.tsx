import * as l10n from '@vscode/l10n';
import { useMemo, type ReactElement } from 'react';
import type { ClusterPersona } from '../../src/persona/clusterPersona';
import { Card } from '../ui/Card';
import { Clamped } from '../ui/Clamped';
import { CodeList } from '../ui/CodeList';
import { DataTable, type Column } from '../ui/DataTable';
import { coresText, formatBytes, formatCount, unknownText } from '../ui/formatNumber';
import { LinkButton } from '../ui/LinkButton';
import { Icon } from '../ui/Icon';
import type { DetailTab } from './detailState';
import { listGap } from './listGap';
import { ListGapText } from './ListGapText';
import { nodePools, type NodePool } from './nodePools';
import { Unreadable } from './Unreadable';

/** Names more would push the rest of the overview out of sight. */
const MAX_NAMED_NODES = 5;

export interface NodePoolsCardProps {
  readonly persona: ClusterPersona;
  readonly onOpenTab: (tab: DetailTab) => void;
}

/** The nodes by their role, and by name those that are not ready. */
export function NodePoolsCard({ persona, onOpenTab }: NodePoolsCardProps): ReactElement {
  const nodes = persona.status?.nodes;
  const pools = useMemo(() => nodePools(nodes ?? []), [nodes]);
  const notReady = (nodes ?? []).filter((node) => node.ready === false).map((node) => node.name);
  return (
    <Card
      title={l10n.t('Nodes by role')}
      aside={
        pools.length > 0 && <LinkButton onClick={() => onOpenTab('nodes')}>{l10n.t('All nodes')}</LinkButton>
      }
    >
      {pools.length === 0 ? (
        <ListGapText gap={listGap(persona, 'nodes')} />
      ) : (
        <DataTable
          label={l10n.t('Nodes by role')}
          columns={columns()}
          rows={pools}
          rowKey={(pool) => pool.role ?? ''}
        />
      )}
      <Unreadable count={persona.status?.unreadable.nodes ?? 0} />
      {notReady.length > 0 && (
        <p className="not-ready">
          <Icon id="warning" tone="warning" /> {l10n.t('Not ready:')}{' '}
          <CodeList items={notReady.slice(0, MAX_NAMED_NODES)} />
          {notReady.length > MAX_NAMED_NODES &&
            ` ${l10n.t('and {0} more', formatCount(notReady.length - MAX_NAMED_NODES))}`}
        </p>
      )}
    </Card>
  );
}

function columns(): readonly Column<NodePool>[] {
  const unknown = <span className="muted">{unknownText()}</span>;
  return [
    {
      id: 'role',
      header: l10n.t('Role'),
      isRowHeader: true,
      wraps: true,
      render: (pool) => (pool.role === undefined ? unknown : <Clamped text={pool.role} />),
    },
    {
      id: 'ready',
      header: l10n.t('Ready'),
      isNumeric: true,
      render: (pool) => l10n.t('{0} of {1}', formatCount(pool.ready), formatCount(pool.total)),
    },
    {
      id: 'cpu',
      header: l10n.t('CPU'),
      isNumeric: true,
      render: (pool) => (pool.cores === undefined ? unknown : coresText(pool.cores)),
    },
    {
      id: 'memory',
      header: l10n.t('Memory'),
      isNumeric: true,
      render: (pool) => (pool.memoryBytes === undefined ? unknown : formatBytes(pool.memoryBytes)),
    },
    {
      id: 'versions',
      header: l10n.t('Kubelet'),
      wraps: true,
      render: (pool) =>
        pool.kubeletVersions.length === 0 ? unknown : <Clamped text={pool.kubeletVersions.join(', ')} />,
    },
  ];
}
