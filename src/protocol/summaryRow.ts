import * as v from 'valibot';

/** Identifies a ClusterPersona everywhere: a bare name is not unique among sources. */
export const personaKeySchema = v.object({ source: v.string(), name: v.string() });
export type PersonaKey = Readonly<v.InferOutput<typeof personaKeySchema>>;

export const ENVIRONMENTS = ['development', 'staging', 'production', 'sandbox'] as const;
export const environmentSchema = v.picklist(ENVIRONMENTS);
export type Environment = v.InferOutput<typeof environmentSchema>;

/** `status.phase`; `NotDiscovered` stands for a status that is not there yet. */
export const PHASES = ['NotDiscovered', 'Discovering', 'Ready', 'Degraded', 'Unknown'] as const;
export const phaseSchema = v.picklist(PHASES);
export type Phase = v.InferOutput<typeof phaseSchema>;

/** What is known of one thing's health; `unknown` is said, never drawn as good or bad. */
export const healthSchema = v.picklist(['ok', 'warning', 'error', 'unknown']);
export type Health = v.InferOutput<typeof healthSchema>;

/** What a list needs of one ClusterPersona, at most 300 bytes as JSON. An absent field is unknown. */
export const summaryRowSchema = v.object({
  source: v.string(),
  name: v.string(),
  /** `spec.name` where it says something else than `name`. */
  displayName: v.exactOptional(v.string()),
  environment: v.exactOptional(environmentSchema),
  phase: phaseSchema,
  health: healthSchema,
  nodesReady: v.exactOptional(v.number()),
  nodesTotal: v.exactOptional(v.number()),
  addonsInstalled: v.exactOptional(v.number()),
  addonsUnhealthy: v.exactOptional(v.number()),
  applications: v.exactOptional(v.number()),
  kubernetesVersion: v.exactOptional(v.string()),
});
export type SummaryRow = Readonly<v.InferOutput<typeof summaryRowSchema>>;

/** Which rows are asked for; of each field one of these, and all where it is absent. */
export const rowFilterSchema = v.object({
  environment: v.exactOptional(v.array(environmentSchema)),
  phase: v.exactOptional(v.array(phaseSchema)),
  health: v.exactOptional(v.array(healthSchema)),
  /** In either name, in any case. */
  name: v.exactOptional(v.string()),
});
export type RowFilter = Readonly<v.InferOutput<typeof rowFilterSchema>>;
