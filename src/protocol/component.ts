import * as v from 'valibot';
import { healthSchema, personaKeySchema } from './summaryRow';

/** A part of a cluster that has a health of its own. */
export const componentKeySchema = v.object({
  ...personaKeySchema.entries,
  kind: v.picklist(['node', 'addon']),
  component: v.string(),
});
export type ComponentKey = Readonly<v.InferOutput<typeof componentKeySchema>>;

export const componentHealthSchema = v.object({
  kind: componentKeySchema.entries.kind,
  component: v.string(),
  health: healthSchema,
  /** Since when it is known to be so, in wall milliseconds; absent where it was so when first seen. */
  since: v.exactOptional(v.number()),
});
export type ComponentHealth = Readonly<v.InferOutput<typeof componentHealthSchema>>;
