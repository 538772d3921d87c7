import * as v from 'valibot';

export const writeParams = v.object({
  names: v.array(v.string()),
  firstSequence: v.number(),
  count: v.number(),
  /** From the beginning of one write to that of the next; at random between the two. */
  fromMs: v.number(),
  toMs: v.number(),
});

export const writtenSchema = v.object({
  /** When each write was sent by {@link instantMs}, in the order of their sequence. */
  sentMs: v.array(v.number()),
  /** From the first to the last. */
  wallMs: v.number(),
});
