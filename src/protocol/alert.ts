import * as v from 'valibot';

/**
 * What an alert is about. `sourceStale` is about a whole source, the others about one ClusterPersona.
 * - `phaseDegraded`, `phaseUnknown`: what the operator reports
 * - `nodeNotReady`, `addonUnhealthy`, `conditionFalse`: `subject` names the node, add-on or condition
 * - `cpuHigh`, `memoryHigh`: `value` is the utilisation in percent
 * - `discoveryOld`: `value` is the age of the last discovery in milliseconds
 * - `sourceStale`: nothing proves any more that what is shown is true
 */
export const ALERT_RULES = [
  'phaseDegraded',
  'phaseUnknown',
  'nodeNotReady',
  'addonUnhealthy',
  'conditionFalse',
  'cpuHigh',
  'memoryHigh',
  'discoveryOld',
  'sourceStale',
] as const;
const alertRuleSchema = v.picklist(ALERT_RULES);
export type AlertRule = v.InferOutput<typeof alertRuleSchema>;

/** The worst first. */
export const SEVERITIES = ['critical', 'warning', 'info'] as const;
const severitySchema = v.picklist(SEVERITIES);
export type Severity = v.InferOutput<typeof severitySchema>;

/** Sorts the worse first. */
export function compareSeverity(a: Severity, b: Severity): number {
  return SEVERITIES.indexOf(a) - SEVERITIES.indexOf(b);
}

/** Which alert: `name` is absent where it is about the source. */
export const alertKeySchema = v.object({
  source: v.string(),
  name: v.exactOptional(v.string()),
  /** The same for the same trouble of the same thing, however often it comes and goes. */
  fingerprint: v.string(),
  severity: severitySchema,
});

/** How many alerts of one persona last, or of a source as a whole where `name` is absent; at least one. */
export const alertCountsSchema = v.object({
  source: v.string(),
  name: v.exactOptional(v.string()),
  total: v.number(),
  worst: severitySchema,
});
export type AlertCountsOf = Readonly<v.InferOutput<typeof alertCountsSchema>>;

export const alertSchema = v.object({
  ...alertKeySchema.entries,
  rule: alertRuleSchema,
  subject: v.exactOptional(v.string()),
  value: v.exactOptional(v.number()),
  /** What `value` is compared with. */
  threshold: v.exactOptional(v.number()),
  /** Wall milliseconds at which it was first seen. */
  raisedAt: v.number(),
  /** Wall milliseconds; absent while it lasts. */
  resolvedAt: v.exactOptional(v.number()),
});
export type Alert = Readonly<v.InferOutput<typeof alertSchema>>;
