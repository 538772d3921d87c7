import type { JsonRecord } from '../base/jsonRecord';
import { ENVIRONMENTS, type Environment } from '../protocol/summaryRow';
import { booleanOf, choiceOf, countOf, quantityTextOf, recordOf, textOf, textsOf } from './decodeField';

const POD_SECURITY_STANDARDS = ['privileged', 'baseline', 'restricted'] as const;
type PodSecurityStandard = (typeof POD_SECURITY_STANDARDS)[number];

export interface SecurityPolicy {
  readonly enforceNonRoot?: boolean | undefined;
  readonly enforceReadOnlyRoot?: boolean | undefined;
  readonly disallowPrivileged?: boolean | undefined;
  readonly allowedRegistries?: readonly string[] | undefined;
  readonly podSecurityStandard?: PodSecurityStandard | undefined;
}

export interface NetworkingPolicy {
  readonly defaultDenyIngress?: boolean | undefined;
  readonly defaultDenyEgress?: boolean | undefined;
  readonly allowedExternalCIDRs?: readonly string[] | undefined;
}

export interface PersonaPolicies {
  readonly security?: SecurityPolicy | undefined;
  readonly networking?: NetworkingPolicy | undefined;
  readonly compliance?: readonly string[] | undefined;
}

export interface PersonaConventions {
  readonly namingPattern?: string | undefined;
  readonly namespacePrefix?: string | undefined;
  readonly requiredLabels?: readonly string[] | undefined;
  readonly requiredAnnotations?: readonly string[] | undefined;
}

/** Quantities as they were written; see `parseQuantity`. */
export interface ComputeQuantities {
  readonly cpu?: string | undefined;
  readonly memory?: string | undefined;
}

interface PersonaDefaults {
  readonly namespace?: string | undefined;
  readonly registry?: string | undefined;
  readonly resources?:
    | { readonly requests?: ComputeQuantities | undefined; readonly limits?: ComputeQuantities | undefined }
    | undefined;
  readonly scaling?:
    | {
        readonly minReplicas?: number | undefined;
        readonly maxReplicas?: number | undefined;
        /** Percent of the request at which a workload is scaled. */
        readonly targetCPU?: number | undefined;
      }
    | undefined;
}

interface PersonaQuotas {
  readonly maxPodsPerNamespace?: number | undefined;
  readonly maxPVCsPerNamespace?: number | undefined;
  /** Quantities as they were written. */
  readonly maxCPUPerNamespace?: string | undefined;
  readonly maxMemoryPerNamespace?: string | undefined;
}

/** What people declare about the cluster. An absent field was not said; defaults are the API server's to fill in. */
export interface PersonaSpec {
  /** A label to show; the identity is `metadata.name`. */
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly environment?: Environment | undefined;
  readonly policies?: PersonaPolicies | undefined;
  readonly conventions?: PersonaConventions | undefined;
  readonly defaults?: PersonaDefaults | undefined;
  readonly resourceQuotas?: PersonaQuotas | undefined;
}

export function decodeSpec(value: unknown): PersonaSpec {
  const spec = recordOf(value) ?? {};
  return {
    name: textOf(spec['name']),
    description: textOf(spec['description']),
    environment: choiceOf(ENVIRONMENTS, spec['environment']),
    policies: part(spec['policies'], decodePolicies),
    conventions: part(spec['conventions'], decodeConventions),
    defaults: part(spec['defaults'], decodeDefaults),
    resourceQuotas: part(spec['resourceQuotas'], decodeQuotas),
  };
}

function part<T>(value: unknown, decodePart: (part: JsonRecord) => T): T | undefined {
  const record = recordOf(value);
  return record === undefined ? undefined : decodePart(record);
}

function decodePolicies(policies: JsonRecord): PersonaPolicies {
  return {
    security: part(policies['security'], (security) => ({
      enforceNonRoot: booleanOf(security['enforceNonRoot']),
      enforceReadOnlyRoot: booleanOf(security['enforceReadOnlyRoot']),
      disallowPrivileged: booleanOf(security['disallowPrivileged']),
      allowedRegistries: textsOf(security['allowedRegistries']),
      podSecurityStandard: choiceOf(POD_SECURITY_STANDARDS, security['podSecurityStandard']),
    })),
    networking: part(policies['networking'], (networking) => ({
      defaultDenyIngress: booleanOf(networking['defaultDenyIngress']),
      defaultDenyEgress: booleanOf(networking['defaultDenyEgress']),
      allowedExternalCIDRs: textsOf(networking['allowedExternalCIDRs']),
    })),
    compliance: textsOf(policies['compliance']),
  };
}

function decodeConventions(conventions: JsonRecord): PersonaConventions {
  return {
    namingPattern: textOf(conventions['namingPattern']),
    namespacePrefix: textOf(conventions['namespacePrefix']),
    requiredLabels: textsOf(conventions['requiredLabels']),
    requiredAnnotations: textsOf(conventions['requiredAnnotations']),
  };
}

function decodeCompute(compute: JsonRecord): ComputeQuantities {
  return { cpu: quantityTextOf(compute['cpu']), memory: quantityTextOf(compute['memory']) };
}

function decodeDefaults(defaults: JsonRecord): PersonaDefaults {
  return {
    namespace: textOf(defaults['namespace']),
    registry: textOf(defaults['registry']),
    resources: part(defaults['resources'], (resources) => ({
      requests: part(resources['requests'], decodeCompute),
      limits: part(resources['limits'], decodeCompute),
    })),
    scaling: part(defaults['scaling'], (scaling) => ({
      minReplicas: countOf(scaling['minReplicas']),
      maxReplicas: countOf(scaling['maxReplicas']),
      targetCPU: countOf(scaling['targetCPU']),
    })),
  };
}

function decodeQuotas(quotas: JsonRecord): PersonaQuotas {
  return {
    maxPodsPerNamespace: countOf(quotas['maxPodsPerNamespace']),
    maxPVCsPerNamespace: countOf(quotas['maxPVCsPerNamespace']),
    maxCPUPerNamespace: quantityTextOf(quotas['maxCPUPerNamespace']),
    maxMemoryPerNamespace: quantityTextOf(quotas['maxMemoryPerNamespace']),
  };
}
