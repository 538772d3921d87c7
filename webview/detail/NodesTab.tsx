import * as l10n from '@vscode/l10n';
import { useMemo, type ReactElement } from 'react';
import type { ClusterPersona } from '../../src/persona/clusterPersona';
import { nodeHealth } from '../../src/persona/health';
import type { NodeQuantities, PersonaNode } from '../../src/persona/personaStatus';
import { parseQuantity } from '../../src/persona/quantity';
import { Clamped } from '../ui/Clamped';
import { CodeList } from '../ui/CodeList';
import { DataTable, type Column, type SortOrder } from '../ui/DataTable';
import { DotList } from '../ui/DotList';
import { formatBytes, formatCores, formatCount, unknownText } from '../ui/formatNumber';
import { healthLook } from '../ui/healthLook';
import { Icon } from '../ui/Icon';
import { listGap } from './listGap';
import { NodeLogsLink } from './NodeLogsLink';
import { NothingDiscovered } from './NothingDiscovered';
import { Unreadable } from './Unreadable';

export interface NodesTabProps {
  readonly source: string;
  readonly persona: ClusterPersona;
  readonly sort: SortOrder | undefined;
  readonly onSort: (sort: SortOrder | undefined) => void;
}

/** Every node; those that need somebody come first until another order is asked for. */
export function NodesTab({ source, persona, sort, onSort }: NodesTabProps): ReactElement {
  const nodes = persona.status?.nodes;
  const rows = useMemo(() => (nodes ?? []).toSorted((a, b) => urgency(a) - urgency(b)), [nodes]);
  if (nodes === undefined || nodes.length === 0) {
    return (
      <>
        <NothingDiscovered gap={listGap(persona, 'nodes')} title={l10n.t('No nodes')} />
        <Unreadable count={persona.status?.unreadable.nodes ?? 0} />
      </>
    );
  }
  return (
    <>
      <div className="node-table">
        <DataTable
          label={l10n.t('Nodes')}
          columns={columns(source, persona.name)}
          rows={rows}
          rowKey={(node) => node.name}
          sort={sort}
          onSort={onSort}
        />
      </div>
      <Unreadable count={persona.status?.unreadable.nodes ?? 0} />
    </>
  );
}

function urgency(node: PersonaNode): number {
  return node.ready === false ? 0 : node.ready === undefined ? 1 : 2;
}

function readyText(node: PersonaNode): string {
  return node.ready === undefined ? unknownText() : node.ready ? l10n.t('ready') : l10n.t('not ready');
}

function columns(source: string, name: string): readonly Column<PersonaNode>[] {
  return [
    {
      id: 'name',
      header: l10n.t('Node'),
      isRowHeader: true,
      sortValue: (node) => node.name,
      wraps: true,
      render: (node) => (
        <>
          <NodeName node={node} /> <NodeLogsLink source={source} name={name} node={node.name} />
        </>
      ),
    },
    { id: 'ready', header: l10n.t('State'), sortValue: urgency, render: (node) => <NodeState node={node} /> },
    {
      id: 'role',
      header: l10n.t('Role'),
      sortValue: (node) => node.role,
      render: (node) => <TextOrUnknown text={node.role} />,
    },
    {
      id: 'cpu',
      header: l10n.t('CPU'),
      isNumeric: true,
      sortValue: (node) => parseQuantity(node.capacity?.cpu),
      render: (node) => <Amount node={node} resource="cpu" format={formatCores} />,
    },
    {
      id: 'memory',
      header: l10n.t('Memory'),
      isNumeric: true,
      sortValue: (node) => parseQuantity(node.capacity?.memory),
      render: (node) => <Amount node={node} resource="memory" format={formatBytes} />,
    },
    {
      id: 'pods',
      header: l10n.t('Pod slots'),
      isNumeric: true,
      sortValue: (node) => parseQuantity(node.capacity?.pods),
      render: (node) => <Amount node={node} resource="pods" format={formatCount} />,
    },
    {
      id: 'version',
      header: l10n.t('Kubelet'),
      sortValue: (node) => node.kubeletVersion,
      render: (node) => <TextOrUnknown text={node.kubeletVersion} />,
    },
    {
      id: 'runtime',
      header: l10n.t('Runtime'),
      sortValue: (node) => node.containerRuntime,
      render: (node) => <TextOrUnknown text={node.containerRuntime} />,
    },
    {
      id: 'taints',
      header: l10n.t('Taints'),
      wraps: true,
      sortValue: (node) => node.taints?.length ?? 0,
      render: (node) =>
        node.taints === undefined || node.taints.length === 0 ? (
          <span className="muted">{l10n.t('none')}</span>
        ) : (
          <CodeList items={node.taints} />
        ),
    },
  ];
}

/** Where there is no room for all columns, what they would say stands under the name. */
function NodeName({ node }: { readonly node: PersonaNode }): ReactElement {
  const more = [node.role, node.kubeletVersion, node.containerRuntime, ...(node.taints ?? [])];
  return (
    <>
      <strong>
        <Clamped text={node.name} />
      </strong>
      <span className="node-more muted">
        <DotList
          items={more
            .filter((part) => part !== undefined)
            .map((part, place) => (
              <Clamped key={`${place}`} text={part} />
            ))}
        />
      </span>
    </>
  );
}

function NodeState({ node }: { readonly node: PersonaNode }): ReactElement {
  const { icon, tone } = healthLook(nodeHealth(node));
  return (
    <span className="state">
      <Icon id={icon} tone={tone} /> {readyText(node)}
    </span>
  );
}

function TextOrUnknown({ text }: { readonly text: string | undefined }): ReactElement {
  return text === undefined ? <Unknown /> : <Clamped text={text} />;
}

function Unknown(): ReactElement {
  return <span className="muted">{unknownText()}</span>;
}

/** What the machine has; what workloads can have of it on hover. */
function Amount(props: {
  readonly node: PersonaNode;
  readonly resource: keyof NodeQuantities;
  readonly format: (amount: number) => string;
}): ReactElement {
  const { node, resource, format } = props;
  const capacity = parseQuantity(node.capacity?.[resource]);
  const allocatable = parseQuantity(node.allocatable?.[resource]);
  if (capacity === undefined) {
    return <Unknown />;
  }
  const hint = allocatable === undefined ? undefined : l10n.t('{0} for workloads', format(allocatable));
  return <span title={hint}>{format(capacity)}</span>;
}
