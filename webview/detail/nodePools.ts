import type { NodeQuantities, PersonaNode } from '../../src/persona/personaStatus';
import { parseQuantity } from '../../src/persona/quantity';

/** Nodes that have the same role. Sums are absent where one of the nodes does not say what it has. */
export interface NodePool {
  readonly role: string | undefined;
  readonly ready: number;
  readonly total: number;
  readonly cores: number | undefined;
  readonly memoryBytes: number | undefined;
  readonly kubeletVersions: readonly string[];
}

/** Groups nodes by role, the largest group last: control planes are few and come first. */
export function nodePools(nodes: readonly PersonaNode[]): readonly NodePool[] {
  return [...Map.groupBy(nodes, (node) => node.role)]
    .map(([role, members]) => ({
      role,
      ready: members.filter((node) => node.ready === true).length,
      total: members.length,
      cores: sum(members, 'cpu'),
      memoryBytes: sum(members, 'memory'),
      kubeletVersions: versionsOf(members),
    }))
    .toSorted((a, b) => a.total - b.total);
}

function versionsOf(nodes: readonly PersonaNode[]): readonly string[] {
  const versions = nodes.map((node) => node.kubeletVersion).filter((version) => version !== undefined);
  return [...new Set(versions)].toSorted((a, b) => a.localeCompare(b));
}

function sum(nodes: readonly PersonaNode[], resource: keyof NodeQuantities): number | undefined {
  let total = 0;
  for (const node of nodes) {
    const value = parseQuantity(node.capacity?.[resource]);
    if (value === undefined) {
      return undefined;
    }
    total += value;
  }
  return total;
}
