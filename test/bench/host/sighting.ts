import * as v from 'valibot';

/** Which write was seen, and when by {@link instantMs}. */
export const sightingSchema = v.object({ sequence: v.number(), atMs: v.number() });
export type Sighting = Readonly<v.InferOutput<typeof sightingSchema>>;

/** When a write was there: when it, or one after it, was first seen. `undefined` when none was. */
export function seenAt(sightings: readonly Sighting[], sequence: number): number | undefined {
  return sightings.find((sighting) => sighting.sequence >= sequence)?.atMs;
}
