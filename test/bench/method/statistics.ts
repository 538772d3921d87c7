/** The value below which a share `q` (0 to 1) of `values` lies, interpolated between neighbours; NaN of none. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const position = (sorted.length - 1) * q;
  const below = sorted[Math.floor(position)] ?? Number.NaN;
  const above = sorted[Math.ceil(position)] ?? Number.NaN;
  return below + (above - below) * (position - Math.floor(position));
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** How far apart the extremes are, as a share of the median: 0.2 is 20 %. */
export function variation(values: readonly number[]): number {
  return (Math.max(...values) - Math.min(...values)) / median(values);
}

/**
 * The median of what `of` says of each pair of equal rounds. Only neighbours in time are compared with each other: what
 * slows the machine for a while slows both.
 */
export function medianOfRounds<A, B>(
  ours: readonly A[],
  theirs: readonly B[],
  of: (ours: A, theirs: B) => number,
): number {
  if (ours.length !== theirs.length) {
    throw new RangeError(`${ours.length} rounds cannot be compared with ${theirs.length}`);
  }
  return median(
    ours.flatMap((value, round) => {
      const other = theirs[round];
      return other === undefined ? [] : [of(value, other)];
    }),
  );
}
