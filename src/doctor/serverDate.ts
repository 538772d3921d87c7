import type { Clock } from '../base/clock';
import type { KubeResponse } from '../base/kubeFetch';

/** The server's clock in an answer, and between which moments of the own clock it was read. All in wall milliseconds. */
export interface ServerDate {
  /** The server cuts its time to the second: it lies between this and a second later. */
  readonly date: number;
  readonly askedAt: number;
  readonly answeredAt: number;
}

const RESOLUTION_MS = 1_000;

/**
 * Asks by `ask`, and reads the clock in the answer's `Date` header; `undefined` where it has none. The own clock is read
 * once, so that a correction of it in the meantime counts for nothing.
 */
export async function withServerDate(
  clock: Clock,
  ask: () => Promise<KubeResponse>,
): Promise<{ readonly response: KubeResponse; readonly serverDate: ServerDate | undefined }> {
  const askedAt = clock.now();
  const startedMs = clock.monotonic();
  const response = await ask();
  const answeredAt = askedAt + (clock.monotonic() - startedMs);
  const date = Date.parse(response.header('date') ?? '');
  return { response, serverDate: Number.isNaN(date) ? undefined : { date, askedAt, answeredAt } };
}

/**
 * By how much the server's clock is ahead for certain, in milliseconds, negative where it is behind. How long question and
 * answer travelled is not known: what that may explain is no difference.
 */
export function clockDifferenceMs({ date, askedAt, answeredAt }: ServerDate): number {
  const least = date - answeredAt;
  const most = date + RESOLUTION_MS - askedAt;
  return least > 0 ? least : Math.min(most, 0);
}
