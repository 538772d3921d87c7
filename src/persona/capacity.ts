import type { ClusterPersona } from './clusterPersona';
import { parsePercent } from './percent';
import type { NodeQuantities, PersonaNode, PersonaStatus } from './personaStatus';
import { parseQuantity } from './quantity';

/** How much there is and how much of it is used: CPU in cores, memory in bytes. Each part is absent where unknown. */
export interface Capacity {
  /** What the machines have. */
  readonly total?: number | undefined;
  /** What workloads can have: the total without what the system keeps. */
  readonly allocatable?: number | undefined;
  readonly used?: number | undefined;
  /**
   * As reported, else `used` of `allocatable` (which is what `kubectl top nodes` divides by), else of `total`. In
   * percent; can be above 100.
   */
  readonly utilizationPercent?: number | undefined;
}

interface PodCapacity {
  /** How many pods the nodes can take. */
  readonly total?: number | undefined;
  readonly running?: number | undefined;
}

export interface ClusterCapacity {
  readonly cpu: Capacity;
  readonly memory: Capacity;
  readonly pods: PodCapacity;
}

/** Reads `status.resourceSummary`, and fills its gaps by adding up the nodes where every one of them says enough. */
export function capacityOf(persona: ClusterPersona): ClusterCapacity {
  const { status } = persona;
  const summary = status?.resourceSummary;
  return {
    cpu: capacity(
      parseQuantity(summary?.totalCPU) ?? sumOfNodes(status, capacityOfNode, 'cpu'),
      parseQuantity(summary?.allocatableCPU) ?? sumOfNodes(status, allocatableOfNode, 'cpu'),
      parseQuantity(summary?.usedCPU),
      parsePercent(summary?.cpuUtilization),
    ),
    memory: capacity(
      parseQuantity(summary?.totalMemory) ?? sumOfNodes(status, capacityOfNode, 'memory'),
      parseQuantity(summary?.allocatableMemory) ?? sumOfNodes(status, allocatableOfNode, 'memory'),
      parseQuantity(summary?.usedMemory),
      parsePercent(summary?.memoryUtilization),
    ),
    pods: {
      total: summary?.totalPods ?? sumOfNodes(status, capacityOfNode, 'pods'),
      running: summary?.runningPods,
    },
  };
}

function capacity(
  total: number | undefined,
  allocatable: number | undefined,
  used: number | undefined,
  reportedPercent: number | undefined,
): Capacity {
  const available = allocatable ?? total;
  // Much of next to nothing is more than a double holds, and what that makes of it would reach a view as `null`.
  const computedPercent =
    used === undefined || available === undefined || available <= 0
      ? undefined
      : Math.min((used / available) * 100, Number.MAX_VALUE);
  return { total, allocatable, used, utilizationPercent: reportedPercent ?? computedPercent };
}

const capacityOfNode = (node: PersonaNode): NodeQuantities | undefined => node.capacity;
const allocatableOfNode = (node: PersonaNode): NodeQuantities | undefined => node.allocatable;

/** A sum that leaves a node out would be wrong without looking so: then there is none. */
function sumOfNodes(
  status: PersonaStatus | undefined,
  quantitiesOf: (node: PersonaNode) => NodeQuantities | undefined,
  resource: 'cpu' | 'memory' | 'pods',
): number | undefined {
  const nodes = status?.nodes;
  if (status === undefined || nodes === undefined || nodes.length === 0 || status.unreadable.nodes > 0) {
    return undefined;
  }
  let sum = 0;
  for (const node of nodes) {
    const value = parseQuantity(quantitiesOf(node)?.[resource]);
    if (value === undefined) {
      return undefined;
    }
    sum += value;
  }
  return sum;
}
