import type { JsonRecord } from '../base/jsonRecord';
import {
  booleanOf,
  choiceOf,
  countOf,
  instantOf,
  isGiven,
  listOf,
  quantityTextOf,
  recordOf,
  textMapOf,
  textOf,
  textsOf,
} from './decodeField';

/** Quantities as they were written; see `parseQuantity`. */
export interface NodeQuantities {
  readonly cpu?: string | undefined;
  readonly memory?: string | undefined;
  readonly pods?: string | undefined;
  readonly ephemeralStorage?: string | undefined;
}

export interface PersonaNode {
  readonly name: string;
  readonly role?: string | undefined;
  readonly ready?: boolean | undefined;
  readonly capacity?: NodeQuantities | undefined;
  readonly allocatable?: NodeQuantities | undefined;
  /** Each as `key=value:Effect`. */
  readonly taints?: readonly string[] | undefined;
  readonly labels?: Readonly<Record<string, string>> | undefined;
  readonly kubeletVersion?: string | undefined;
  readonly containerRuntime?: string | undefined;
}

const ADDON_TYPES = [
  'gitops',
  'monitoring',
  'logging',
  'ingress',
  'service-mesh',
  'secrets',
  'cert-management',
  'other',
] as const;
export type AddonType = (typeof ADDON_TYPES)[number];

/** Add-ons are listed whether installed or not. */
export interface PersonaAddon {
  readonly name: string;
  readonly type?: AddonType | undefined;
  readonly installed?: boolean | undefined;
  readonly version?: string | undefined;
  readonly namespace?: string | undefined;
  /** Often absent: then nobody looked. */
  readonly healthy?: boolean | undefined;
}

/** Cluster-wide figures. Quantities and percentages are kept as they were written; see `capacityOf`. */
interface ResourceSummary {
  readonly totalCPU?: string | undefined;
  readonly totalMemory?: string | undefined;
  readonly allocatableCPU?: string | undefined;
  readonly allocatableMemory?: string | undefined;
  readonly usedCPU?: string | undefined;
  readonly usedMemory?: string | undefined;
  readonly cpuUtilization?: string | undefined;
  readonly memoryUtilization?: string | undefined;
  /** How many pods the nodes can take, not how many there are. */
  readonly totalPods?: number | undefined;
  /** The operator leaves out zeros: after a discovery an absent count may mean none. */
  readonly runningPods?: number | undefined;
}

export interface NamespaceCounts {
  readonly total?: number | undefined;
  /** The operator leaves out zeros: after a discovery an absent count may mean none. */
  readonly active?: number | undefined;
  readonly withPersonas?: number | undefined;
}

/** A metav1.Condition. Its message may be older than the rest of the status. */
export interface PersonaCondition {
  readonly type: string;
  readonly status?: 'True' | 'False' | 'Unknown' | undefined;
  readonly reason?: string | undefined;
  readonly message?: string | undefined;
  /** RFC 3339. */
  readonly lastTransitionTime?: string | undefined;
}

/** What the operator found out. An absent field is unknown; lists are absent where the operator gave none. */
export interface PersonaStatus {
  /** `status.phase` as it was written; `ClusterPersona.phase` is the one to show. */
  readonly reportedPhase?: string | undefined;
  /** RFC 3339. */
  readonly lastDiscovery?: string | undefined;
  readonly nodes?: readonly PersonaNode[] | undefined;
  readonly resourceSummary?: ResourceSummary | undefined;
  readonly addons?: readonly PersonaAddon[] | undefined;
  readonly namespaces?: NamespaceCounts | undefined;
  readonly kubernetesVersion?: string | undefined;
  readonly platform?: string | undefined;
  /** The operator leaves out zeros: after a discovery an absent count may mean none. */
  readonly applicationCount?: number | undefined;
  readonly conditions?: readonly PersonaCondition[] | undefined;
  /** Entries of the lists above that have no usable name or type, and so are not among them. */
  readonly unreadable: { readonly nodes: number; readonly addons: number; readonly conditions: number };
  /** Fields that are there, but not as what they should be: not the same as left out, which may mean none. */
  readonly unreadableFields: ReadonlySet<StatusField>;
}

const STATUS_FIELDS = [
  'phase',
  'lastDiscovery',
  'nodes',
  'resourceSummary',
  'addons',
  'namespaces',
  'kubernetesVersion',
  'platform',
  'applicationCount',
  'conditions',
] as const;
/** Those of the status, and `runningPods` of its `resourceSummary`. */
type StatusField = (typeof STATUS_FIELDS)[number] | 'runningPods';

export function decodeStatus(status: JsonRecord): PersonaStatus {
  const nodes = listOf(status['nodes'], decodeNode);
  const addons = listOf(status['addons'], decodeAddon);
  const conditions = listOf(status['conditions'], decodeCondition);
  const namespaces = recordOf(status['namespaces']);
  const summary = recordOf(status['resourceSummary']);
  const decoded = {
    phase: textOf(status['phase']),
    lastDiscovery: instantOf(status['lastDiscovery']),
    nodes: nodes.items,
    resourceSummary: summary && decodeResourceSummary(summary),
    addons: addons.items,
    namespaces: namespaces && {
      total: countOf(namespaces['total']),
      active: countOf(namespaces['active']),
      withPersonas: countOf(namespaces['withPersonas']),
    },
    kubernetesVersion: textOf(status['kubernetesVersion']),
    platform: textOf(status['platform']),
    applicationCount: countOf(status['applicationCount']),
    conditions: conditions.items,
  };
  const { phase: reportedPhase, ...rest } = decoded;
  return {
    reportedPhase,
    ...rest,
    unreadable: { nodes: nodes.unreadable, addons: addons.unreadable, conditions: conditions.unreadable },
    unreadableFields: unreadableFields(status, decoded),
  };
}

function unreadableFields(
  status: JsonRecord,
  decoded: Readonly<Partial<Record<(typeof STATUS_FIELDS)[number], unknown>>> & {
    readonly resourceSummary: ResourceSummary | undefined;
  },
): ReadonlySet<StatusField> {
  const fields = new Set<StatusField>(
    STATUS_FIELDS.filter((field) => decoded[field] === undefined && isGiven(status[field])),
  );
  const summary = recordOf(status['resourceSummary']);
  if (
    fields.has('resourceSummary') ||
    (decoded.resourceSummary?.runningPods === undefined && isGiven(summary?.['runningPods']))
  ) {
    fields.add('runningPods');
  }
  return fields;
}

function decodeNode(node: JsonRecord): PersonaNode | undefined {
  const name = textOf(node['name']);
  return name === undefined
    ? undefined
    : {
        name,
        role: textOf(node['role']),
        ready: booleanOf(node['ready']),
        capacity: decodeNodeQuantities(node['capacity']),
        allocatable: decodeNodeQuantities(node['allocatable']),
        taints: textsOf(node['taints']),
        labels: textMapOf(node['labels']),
        kubeletVersion: textOf(node['kubeletVersion']),
        containerRuntime: textOf(node['containerRuntime']),
      };
}

function decodeNodeQuantities(value: unknown): NodeQuantities | undefined {
  const quantities = recordOf(value);
  return (
    quantities && {
      cpu: quantityTextOf(quantities['cpu']),
      memory: quantityTextOf(quantities['memory']),
      pods: quantityTextOf(quantities['pods']),
      ephemeralStorage: quantityTextOf(quantities['ephemeralStorage']),
    }
  );
}

function decodeAddon(addon: JsonRecord): PersonaAddon | undefined {
  const name = textOf(addon['name']);
  return name === undefined
    ? undefined
    : {
        name,
        type: choiceOf(ADDON_TYPES, addon['type']),
        installed: booleanOf(addon['installed']),
        version: textOf(addon['version']),
        namespace: textOf(addon['namespace']),
        healthy: booleanOf(addon['healthy']),
      };
}

function decodeResourceSummary(summary: JsonRecord): ResourceSummary {
  return {
    totalCPU: quantityTextOf(summary['totalCPU']),
    totalMemory: quantityTextOf(summary['totalMemory']),
    allocatableCPU: quantityTextOf(summary['allocatableCPU']),
    allocatableMemory: quantityTextOf(summary['allocatableMemory']),
    usedCPU: quantityTextOf(summary['usedCPU']),
    usedMemory: quantityTextOf(summary['usedMemory']),
    cpuUtilization: quantityTextOf(summary['cpuUtilization']),
    memoryUtilization: quantityTextOf(summary['memoryUtilization']),
    totalPods: countOf(summary['totalPods']),
    runningPods: countOf(summary['runningPods']),
  };
}

const CONDITION_STATUSES = ['True', 'False', 'Unknown'] as const;

function decodeCondition(condition: JsonRecord): PersonaCondition | undefined {
  const type = textOf(condition['type']);
  return type === undefined
    ? undefined
    : {
        type,
        status: choiceOf(CONDITION_STATUSES, condition['status']),
        reason: textOf(condition['reason']),
        message: textOf(condition['message']),
        lastTransitionTime: instantOf(condition['lastTransitionTime']),
      };
}
