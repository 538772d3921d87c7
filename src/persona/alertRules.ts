import type { AlertRule, Severity } from '../protocol/alert';
import { capacityOf } from './capacity';
import type { ClusterPersona } from './clusterPersona';
import { addonHealth, conditionHealth } from './health';
import { countNodes } from './nodeCounts';

/** From where on a figure is trouble. */
export interface AlertThresholds {
  readonly cpuPercent: number;
  readonly memoryPercent: number;
  readonly discoveryAgeMs: number;
}

/** A rule that holds of a persona. */
export interface HeldAlert {
  readonly rule: Exclude<AlertRule, 'sourceStale'>;
  readonly severity: Severity;
  /** The node, add-on or condition, whole. Absent for rules about the cluster, and for a group. */
  readonly subject?: string;
  /** As in an alert; of a group how many it stands for. */
  readonly value?: number;
  readonly threshold?: number;
  /** It stands for more subjects than are told one by one. */
  readonly isGroup?: true;
}

/** More nodes, add-ons or conditions of one rule than this are one trouble and no longer many. */
export const MAX_SUBJECTS = 10;

/**
 * The rules that hold. What is unknown raises nothing. Each subject stands once however often it is listed, and in place of
 * more than {@link MAX_SUBJECTS} of one rule there is one alert that counts them, so that there are never more than some
 * thirty. Takes as long as the persona is big.
 *
 * How bad it is:
 * - critical: the operator reports `Unknown` (it tried to look and could not), no node is ready, or a production cluster is
 *   `Degraded`, which is the operator's verdict on the whole of it
 * - warning: everything else
 * - in a sandbox or a development cluster each is one step less
 *
 * `now` is the moment, in wall milliseconds, at which the persona was known to be like this: a discovery is that old then.
 * Nothing tells how far the cluster's clock is from that; a discovery in the future is not old.
 */
export function heldAlerts(persona: ClusterPersona, thresholds: AlertThresholds, now: number): HeldAlert[] {
  const { status } = persona;
  if (status === undefined) {
    return [];
  }
  const held: HeldAlert[] = [];
  const { environment } = persona.spec;
  const isLesser = environment === 'sandbox' || environment === 'development';
  const severity = (isCritical = false): Severity =>
    isCritical ? (isLesser ? 'warning' : 'critical') : isLesser ? 'info' : 'warning';

  if (status.reportedPhase === 'Unknown') {
    held.push({ rule: 'phaseUnknown', severity: severity(true) });
  } else if (status.reportedPhase === 'Degraded') {
    held.push({ rule: 'phaseDegraded', severity: severity(environment === 'production') });
  }

  const nodes = countNodes(persona);
  const isNoneReady = nodes !== undefined && nodes.total > 0 && nodes.notReady === nodes.total;
  addSubjects(held, 'nodeNotReady', severity(isNoneReady), status.nodes, (node) =>
    node.ready === false ? node.name : undefined,
  );
  addSubjects(held, 'addonUnhealthy', severity(), status.addons, (addon) =>
    addonHealth(addon) === 'error' ? addon.name : undefined,
  );
  addSubjects(held, 'conditionFalse', severity(), status.conditions, (condition) =>
    condition.status === 'False' && conditionHealth(condition) !== 'unknown' ? condition.type : undefined,
  );

  if (reportsUse(persona)) {
    const { cpu, memory } = capacityOf(persona);
    for (const [rule, { utilizationPercent: value }, threshold] of [
      ['cpuHigh', cpu, thresholds.cpuPercent],
      ['memoryHigh', memory, thresholds.memoryPercent],
    ] as const) {
      if (value !== undefined && value > threshold) {
        held.push({ rule, severity: severity(), value, threshold });
      }
    }
  }

  const discovered = discoveredAt(persona);
  const threshold = thresholds.discoveryAgeMs;
  if (discovered !== undefined && now - discovered > threshold) {
    held.push({ rule: 'discoveryOld', severity: severity(), value: now - discovered, threshold });
  }
  return held;
}

/** When the last discovery was, in milliseconds of the cluster's clock, which may be ahead of everybody's. */
export function discoveredAt({ status }: ClusterPersona): number | undefined {
  const at = status?.lastDiscovery === undefined ? Number.NaN : Date.parse(status.lastDiscovery);
  return Number.isNaN(at) ? undefined : at;
}

/** Most clusters report nothing of what is used: then there is no need to add up what their nodes have. */
function reportsUse({ status }: ClusterPersona): boolean {
  const { usedCPU, usedMemory, cpuUtilization, memoryUtilization } = status?.resourceSummary ?? {};
  return [usedCPU, usedMemory, cpuUtilization, memoryUtilization].some((value) => value !== undefined);
}

function addSubjects<T>(
  held: HeldAlert[],
  rule: HeldAlert['rule'],
  severity: Severity,
  items: readonly T[] | undefined,
  subjectOf: (item: T) => string | undefined,
): void {
  const subjects = new Set<string>();
  for (const item of items ?? []) {
    const subject = subjectOf(item);
    if (subject !== undefined) {
      subjects.add(subject);
    }
  }
  if (subjects.size > MAX_SUBJECTS) {
    held.push({ rule, severity, value: subjects.size, isGroup: true });
    return;
  }
  for (const subject of subjects) {
    held.push({ rule, severity, subject });
  }
}
