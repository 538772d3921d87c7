import * as v from 'valibot';

/** A field that differs. Values are texts to show, cut where they are long; absent where there was or is none. */
const fieldChangeSchema = v.object({
  /** From the root of the object; an element of a list by its name: `status.nodes[node-a].ready`. */
  path: v.string(),
  before: v.exactOptional(v.string()),
  after: v.exactOptional(v.string()),
});
export type FieldChange = Readonly<v.InferOutput<typeof fieldChangeSchema>>;

/**
 * What happened to a ClusterPersona while nobody could watch: between the last proof that the data was true and the moment
 * when all that was missed had been read. `observed`: each step was told by the cluster afterwards. `inferred`: two states
 * were compared, and steps in between may be missing. `recreated` is another object under the same name.
 */
export const awayChangeSchema = v.object({
  type: v.picklist(['added', 'updated', 'deleted', 'recreated']),
  how: v.picklist(['observed', 'inferred']),
  /** Wall milliseconds. */
  from: v.number(),
  /** Wall milliseconds. */
  until: v.number(),
  /** The most telling first. */
  fields: v.array(fieldChangeSchema),
  /** Fields that differ beyond those named. */
  more: v.number(),
  isSeen: v.boolean(),
});
export type AwayChange = Readonly<v.InferOutput<typeof awayChangeSchema>>;
