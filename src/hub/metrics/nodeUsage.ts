import type { TimeSlice } from '../../informer/timeSlice';
import type { NodeMetrics } from '../../kube/nodeMetrics';
import type { ClusterPersona } from '../../persona/clusterPersona';
import { parseQuantity } from '../../persona/quantity';
import type { Metric } from '../../protocol/metric';
import { measuredAt } from './measuredAt';

/** What a node or a whole cluster uses, as measured at one moment. */
export interface Usage {
  /** Wall milliseconds. */
  readonly at: number;
  readonly figures: ReadonlyMap<Metric, number>;
}

export interface PersonaUsage {
  readonly name: string;
  readonly nodes: ReadonlyMap<string, Usage>;
  /** Of all its nodes together; absent unless each of them was measured. */
  readonly whole?: Usage;
}

export interface UsageOptions {
  /** What was measured is from this moment at the latest, in wall milliseconds. */
  readonly nowMs: number;
  readonly slice: TimeSlice;
  /** Rejects with its reason when it is aborted. */
  readonly signal: AbortSignal;
}

/**
 * Whose nodes were measured. A node belongs to the persona that lists its name: where several do, or none, its figures are
 * nobody's. Costs as much as all personas have nodes, in slices: the personas are those of the call.
 */
export async function usageOfPersonas(
  personas: Iterable<readonly [name: string, ClusterPersona]>,
  measured: readonly NodeMetrics[],
  { nowMs, slice, signal }: UsageOptions,
): Promise<PersonaUsage[]> {
  const listed = [...personas];
  const usages = new Map<string, Usage>();
  for (const node of measured) {
    usages.set(node.name, usageOf(node, nowMs));
    if (slice.isSpent) {
      await slice.yield(signal);
    }
  }
  const owners = new Map<string, ClusterPersona | 'several'>();
  const listing = new Map<ClusterPersona, string>();
  for (const [personaName, persona] of listed) {
    for (const { name } of persona.status?.nodes ?? []) {
      if (usages.has(name)) {
        const owner = owners.get(name) ?? persona;
        owners.set(name, owner === persona ? persona : 'several');
        listing.set(persona, personaName);
      }
    }
    if (slice.isSpent) {
      await slice.yield(signal);
    }
  }
  const found: PersonaUsage[] = [];
  for (const [persona, personaName] of listing) {
    const nodes = new Map<string, Usage>();
    for (const { name } of persona.status?.nodes ?? []) {
      const usage = owners.get(name) === persona ? usages.get(name) : undefined;
      if (usage !== undefined) {
        nodes.set(name, usage);
      }
    }
    const whole = wholeOf(persona, nodes);
    if (nodes.size > 0) {
      found.push({ name: personaName, nodes, ...(whole === undefined ? {} : { whole }) });
    }
    if (slice.isSpent) {
      await slice.yield(signal);
    }
  }
  return found;
}

function usageOf({ timestamp, cpu, memory }: NodeMetrics, nowMs: number): Usage {
  const figures = new Map<Metric, number>();
  put(figures, 'cpuCores', parseQuantity(cpu));
  put(figures, 'memoryBytes', parseQuantity(memory));
  return { at: measuredAt(timestamp, nowMs), figures };
}

/** A sum that leaves a node out would be wrong without looking so: then there is none. */
function wholeOf(persona: ClusterPersona, measured: ReadonlyMap<string, Usage>): Usage | undefined {
  const { status } = persona;
  const listed = status?.nodes ?? [];
  if (listed.length === 0 || listed.length !== measured.size || status?.unreadable.nodes !== 0) {
    return undefined;
  }
  const used = { cpuCores: 0, memoryBytes: 0 };
  const allocatable = { cpuCores: 0, memoryBytes: 0 };
  let at = -Infinity;
  for (const node of listed) {
    const usage = measured.get(node.name);
    // What is not known makes a sum that is not a number.
    used.cpuCores += usage?.figures.get('cpuCores') ?? Number.NaN;
    used.memoryBytes += usage?.figures.get('memoryBytes') ?? Number.NaN;
    allocatable.cpuCores += parseQuantity(node.allocatable?.cpu) ?? Number.NaN;
    allocatable.memoryBytes += parseQuantity(node.allocatable?.memory) ?? Number.NaN;
    at = Math.max(at, usage?.at ?? at);
  }
  const figures = new Map<Metric, number>();
  put(figures, 'cpuCores', used.cpuCores);
  put(figures, 'memoryBytes', used.memoryBytes);
  put(figures, 'cpuPercent', (100 * used.cpuCores) / allocatable.cpuCores);
  put(figures, 'memoryPercent', (100 * used.memoryBytes) / allocatable.memoryBytes);
  return figures.size === 0 ? undefined : { at, figures };
}

function put(figures: Map<Metric, number>, metric: Metric, value: number | undefined): void {
  if (value !== undefined && Number.isFinite(value)) {
    figures.set(metric, value);
  }
}
