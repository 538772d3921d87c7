import * as v from 'valibot';

const DETAIL_TABS = ['overview', 'nodes', 'addons', 'conditions'] as const;
export type DetailTab = (typeof DETAIL_TABS)[number];

/** What the user chose in this view. */
export const detailStateSchema = v.object({
  tab: v.picklist(DETAIL_TABS),
  nodeSort: v.optional(v.object({ column: v.string(), isDescending: v.boolean() })),
});
export type DetailState = v.InferOutput<typeof detailStateSchema>;

export const INITIAL_DETAIL_STATE: DetailState = { tab: 'overview' };
