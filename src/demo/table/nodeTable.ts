import type { KubeObject } from '../../base/kubeObject';
import { listOf, recordOf, textOf } from '../../persona/decodeField';
import { humanAge } from './humanDuration';
import { AGE_COLUMN, NAME_COLUMN, textColumn, wideColumn, type TableFormat } from './tableFormat';

const ROLE_LABEL_PREFIX = 'node-role.kubernetes.io/';
const ROLE_LABEL = 'kubernetes.io/role';

const NONE = '<none>';
const UNKNOWN = '<unknown>';

export const NODE_TABLE: TableFormat = {
  columns: [
    NAME_COLUMN,
    textColumn('Status', 'Whether the node is ready, and whether pods may be scheduled to it.'),
    textColumn('Roles', 'What its labels say the node is for.'),
    AGE_COLUMN,
    textColumn('Version', 'The version of the kubelet.'),
    wideColumn('Internal-IP', 'The first address inside the cluster.'),
    wideColumn('External-IP', 'The first address outside the cluster.'),
    wideColumn('OS-Image', 'The operating system, as the node names it.'),
    wideColumn('Kernel-Version', 'The kernel and the architecture it runs on.'),
    wideColumn('Container-Runtime', 'What runs the containers.'),
  ],
  cells: (node, nowMs) => {
    const info = recordOf(recordOf(node['status'])?.['nodeInfo']) ?? {};
    const architecture = textOf(info['architecture']);
    const kernel = textOf(info['kernelVersion']) ?? UNKNOWN;
    return [
      node.metadata.name,
      statusOf(node),
      rolesOf(node),
      humanAge(node.metadata.creationTimestamp, nowMs),
      textOf(info['kubeletVersion']) ?? '',
      addressOf(node, 'InternalIP'),
      addressOf(node, 'ExternalIP'),
      textOf(info['osImage']) ?? UNKNOWN,
      architecture === undefined ? kernel : `${kernel} (${architecture})`,
      textOf(info['containerRuntimeVersion']) ?? UNKNOWN,
    ];
  },
};

function statusOf(node: KubeObject): string {
  const conditions = recordOf(node['status'])?.['conditions'];
  const ready = listOf(conditions, (condition) =>
    condition['type'] === 'Ready' ? textOf(condition['status']) : undefined,
  ).items?.at(-1);
  const readiness = ready === undefined ? 'Unknown' : ready === 'True' ? 'Ready' : 'NotReady';
  return recordOf(node['spec'])?.['unschedulable'] === true ? `${readiness},SchedulingDisabled` : readiness;
}

function rolesOf(node: KubeObject): string {
  const roles = new Set<string>();
  for (const [key, value] of Object.entries(node.metadata.labels ?? {})) {
    const role = key.startsWith(ROLE_LABEL_PREFIX)
      ? key.slice(ROLE_LABEL_PREFIX.length)
      : key === ROLE_LABEL
        ? value
        : '';
    if (role !== '') {
      roles.add(role);
    }
  }
  return roles.size === 0 ? NONE : [...roles].toSorted().join(',');
}

function addressOf(node: KubeObject, type: string): string {
  const { items = [] } = listOf(recordOf(node['status'])?.['addresses'], (address) =>
    address['type'] === type ? textOf(address['address']) : undefined,
  );
  return items[0] ?? NONE;
}
