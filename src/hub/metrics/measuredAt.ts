/** Clocks of clusters go as much before ours without anybody minding. */
const TOLERANCE_MS = 60_000;

/**
 * When something was measured, in wall milliseconds: what the cluster says (RFC 3339), as far as it can be true, else now.
 * Never later than now, so that no figure is of the future.
 */
export function measuredAt(said: string | undefined, nowMs: number): number {
  const at = said === undefined ? Number.NaN : Date.parse(said);
  return at <= nowMs + TOLERANCE_MS ? Math.min(at, nowMs) : nowMs;
}
