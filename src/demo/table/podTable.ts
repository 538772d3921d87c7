import type { KubeObject } from '../../base/kubeObject';
import { listOf, recordOf, textOf } from '../../persona/decodeField';
import { humanAge, humanDuration } from './humanDuration';
import { podSummary } from './podSummary';
import {
  AGE_COLUMN,
  NAME_COLUMN,
  textColumn,
  wideColumn,
  type TableFormat,
  type TableRowCondition,
} from './tableFormat';

const NONE = '<none>';

export const POD_TABLE: TableFormat = {
  columns: [
    NAME_COLUMN,
    textColumn('Ready', 'How many of the containers are ready.'),
    textColumn('Status', 'What the pod is at, taken from all its containers.'),
    textColumn('Restarts', 'How often its containers were started again, and when last.'),
    AGE_COLUMN,
    wideColumn('IP', 'The address of the pod, once it has one.'),
    wideColumn('Node', 'The node the pod is bound to.'),
    wideColumn('Nominated Node', 'The node on which pods make room for this one.'),
    wideColumn('Readiness Gates', 'How many of the further conditions for readiness are met.'),
  ],
  cells: (pod, nowMs) => {
    const { ready, total, reason, restarts, lastRestartMs } = podSummary(pod);
    const spec = recordOf(pod['spec']) ?? {};
    const status = recordOf(pod['status']) ?? {};
    return [
      pod.metadata.name,
      `${ready}/${total}`,
      reason,
      restarts > 0 && lastRestartMs !== undefined
        ? `${restarts} (${humanDuration(nowMs - lastRestartMs)} ago)`
        : String(restarts),
      humanAge(pod.metadata.creationTimestamp, nowMs),
      listOf(status['podIPs'], (entry) => textOf(entry['ip'])).items?.[0] ?? textOf(status['podIP']) ?? NONE,
      textOf(spec['nodeName']) ?? NONE,
      textOf(status['nominatedNodeName']) ?? NONE,
      readinessGates(pod),
    ];
  },
  rowConditions: (pod) => {
    const phase = recordOf(pod['status'])?.['phase'];
    if (phase === 'Succeeded') {
      return [completed(phase, 'The pod has completed successfully.')];
    }
    return phase === 'Failed' ? [completed(phase, 'The pod failed.')] : [];
  },
};

function completed(reason: string, message: string): TableRowCondition {
  return { type: 'Completed', status: 'True', reason, message };
}

function readinessGates(pod: KubeObject): string {
  const gates = listOf(recordOf(pod['spec'])?.['readinessGates'], (gate) => textOf(gate['conditionType']));
  const { items = [] } = gates;
  if (items.length === 0) {
    return NONE;
  }
  const met = new Set(
    listOf(recordOf(pod['status'])?.['conditions'], (condition) =>
      condition['status'] === 'True' ? textOf(condition['type']) : undefined,
    ).items,
  );
  return `${items.filter((gate) => met.has(gate)).length}/${items.length}`;
}
