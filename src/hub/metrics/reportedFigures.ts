import { capacityOf } from '../../persona/capacity';
import type { ClusterPersona } from '../../persona/clusterPersona';
import { countNodes } from '../../persona/nodeCounts';
import type { Metric } from '../../protocol/metric';

/** Figures of one moment; absent is what nobody reports. */
export type Figures = ReadonlyMap<Metric, number>;

/**
 * What an operator reports of a cluster's figures. Most never report what is used; and since they leave zeros out, a figure
 * that is not there is not known.
 */
export function reportedFigures(persona: ClusterPersona): Figures {
  const figures = new Map<Metric, number>();
  const put = (metric: Metric, value: number | undefined): void => {
    if (value !== undefined) {
      figures.set(metric, value);
    }
  };
  const summary = persona.status?.resourceSummary;
  if (
    summary?.usedCPU !== undefined ||
    summary?.usedMemory !== undefined ||
    summary?.cpuUtilization !== undefined ||
    summary?.memoryUtilization !== undefined
  ) {
    const { cpu, memory } = capacityOf(persona);
    put('cpuPercent', cpu.utilizationPercent);
    put('memoryPercent', memory.utilizationPercent);
    put('cpuCores', cpu.used);
    put('memoryBytes', memory.used);
  }
  put('podsRunning', summary?.runningPods);
  const nodes = countNodes(persona);
  // A node that does not say whether it is ready may be.
  put('nodesReady', nodes?.unknown === 0 ? nodes.ready : undefined);
  return figures;
}
