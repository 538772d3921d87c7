import * as v from 'valibot';

export const followAllParams = v.object({
  kubeconfig: v.string(),
});

/** From the question on, in milliseconds, until each source that was asked about is live. */
export const liveMs = v.array(v.number());

/** Lists that were begun since this was last asked for. */
export const listsBegun = v.array(
  v.object({
    source: v.number(),
    /** Monotonic milliseconds of the host. */
    atMs: v.number(),
  }),
);
export type ListsBegun = v.InferOutput<typeof listsBegun>;
