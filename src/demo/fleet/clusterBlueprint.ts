import type { PersonaSpec } from '../../persona/personaSpec';
import type { Platform } from './platform';

export interface NodePool {
  readonly name: string;
  readonly role: 'control-plane' | 'worker';
  readonly count: number;
  readonly cores: number;
  readonly memoryGi: number;
  readonly instanceType?: string;
  readonly taints?: readonly string[];
}

/**
 * What the operator has to say about the cluster at first, and for good: the story only adds trouble that passes.
 * - `ready`: nothing is wrong
 * - `degraded`: its seventh (or else last) node is down and its ingress unhealthy
 * - `unknown`: the operator could not look since long ago
 * - `undiscovered`: nobody has looked yet
 */
export type Situation = 'ready' | 'degraded' | 'unknown' | 'undiscovered';

/** A made-up cluster, as it begins. */
export interface ClusterBlueprint {
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly spec: PersonaSpec;
  readonly platform: Platform;
  readonly region: string;
  /** Without the platform's suffix. */
  readonly kubernetesVersion: string;
  readonly pools: readonly NodePool[];
  /**
   * Versions of the add-ons that are installed; all others of the catalog are listed as not installed. Blueprints that
   * share this object share `uncheckedAddons` as well.
   */
  readonly addons: Readonly<Record<string, string>>;
  /** Installed add-ons that nobody checks. */
  readonly uncheckedAddons?: readonly string[];
  /**
   * Whether its operator leaves out what makes a report long, as one that looks after a big fleet does: labels and disks
   * of nodes, and add-ons that are not installed.
   */
  readonly isTerse?: boolean;
  readonly namespaces: number;
  readonly applications: number;
  readonly runningPods: number;
  readonly situation: Situation;
  /** Percent of what is allocatable; absent where nothing measures it, as in most clusters. */
  readonly usage?: { readonly cpuPercent: number; readonly memoryPercent: number };
}
