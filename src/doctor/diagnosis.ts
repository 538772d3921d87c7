import type { Problem } from '../protocol/problem';
import type { SourceRoute } from '../protocol/sourceState';
import type { RealtimeFigures } from './realtimeFigures';

/** What is looked at, from the file on this machine to what the server lets one do. */
export type CheckId =
  | 'kubeconfig'
  | 'credentials'
  | 'dns'
  | 'tcp'
  | 'proxy'
  | 'tls'
  | 'version'
  | 'clock'
  | 'identity'
  | 'discovery'
  | 'list'
  | 'watch'
  | 'access'
  /** Of a cluster that is followed through a hub: the way to the hub, what the hub says of the cluster, what it hands on beside. */
  | 'hub'
  | 'hubCluster'
  | 'hubReads';

/** Those of the way to the cluster: without one of them nothing can be asked. */
export const WAY_CHECKS: readonly CheckId[] = ['kubeconfig', 'credentials', 'dns', 'tcp', 'proxy', 'tls'];

/**
 * Something that tells a place or a person apart. It may be shown on the screen, and is replaced in a report that leaves
 * the machine.
 */
export interface PrivateName {
  readonly kind: 'host' | 'address' | 'user' | 'namespace' | 'name' | 'path';
  readonly text: string;
}

/** Why a check found nothing out. None of these is a failure. */
export type SkipReason =
  /** A check that this one builds on did not pass. */
  | { readonly type: 'after'; readonly check: CheckId }
  /** The cluster runs inside the editor: nothing lies between. */
  | { readonly type: 'insideEditor' }
  /** The kubeconfig names an IP address, which needs no name resolution. */
  | { readonly type: 'addressGiven' }
  | { readonly type: 'noProxy' }
  | { readonly type: 'plainHttp' }
  /** The answers carry no date. */
  | { readonly type: 'noDate' }
  /** The server is too old for it, or has it switched off. */
  | { readonly type: 'notServed' };

/** What is wrong more exactly than a {@link Problem} says, or wrong without standing in the way yet. */
export type Concern =
  | { readonly type: 'certificateExpired' }
  | { readonly type: 'certificateNotYetValid' }
  | { readonly type: 'certificateExpiresSoon'; readonly daysLeft: number }
  | { readonly type: 'certificateForOtherName' }
  | { readonly type: 'authorityUnknown' }
  | { readonly type: 'certificateNotVerified' }
  | { readonly type: 'clientCertificateExpired' }
  | { readonly type: 'clientCertificateExpiresSoon'; readonly daysLeft: number }
  /** Positive: the server's clock is ahead by at least this much. */
  | { readonly type: 'clocksDiffer'; readonly seconds: number }
  /** Verbs of ClusterPersonas that the server does not serve. */
  | { readonly type: 'verbsMissing'; readonly verbs: readonly string[] }
  | { readonly type: 'watchHeldBack' }
  /** The server keeps this to itself, which stands in nobody's way. */
  | { readonly type: 'notTold' }
  /** A hub is not reached by the best way. */
  | { readonly type: 'hubDegraded'; readonly route: SourceRoute }
  /** Without these permissions nothing is shown. */
  | { readonly type: 'personasNotAllowed'; readonly permissions: readonly string[] }
  /** Without these permissions there are no logs. */
  | { readonly type: 'logsNotAllowed'; readonly permissions: readonly string[] };

interface Evidence {
  /** Technical lines in English, free of secrets but not of names. */
  readonly details: readonly string[];
  /** The names that stand in the details and in the problem, as far as they are known. */
  readonly names?: readonly PrivateName[];
}

/** What a check found out. */
export type Finding =
  | ({ readonly outcome: 'passed' } & Evidence)
  | ({ readonly outcome: 'warning'; readonly concern: Concern; readonly problem?: Problem } & Evidence)
  | ({ readonly outcome: 'failed'; readonly problem: Problem; readonly concern?: Concern } & Evidence)
  | ({ readonly outcome: 'skipped'; readonly reason: SkipReason } & Evidence);

export type CheckResult = Finding & { readonly id: CheckId; readonly durationMs: number };

/** All that was found out about the connection to one source. */
export interface Diagnosis {
  /** The context's name, as it is shown. */
  readonly label: string;
  /** When it began, in wall milliseconds. */
  readonly startedAt: number;
  /** In the order in which they were run. */
  readonly results: readonly CheckResult[];
  /** How views were served meanwhile. */
  readonly realtime?: RealtimeFigures;
}
