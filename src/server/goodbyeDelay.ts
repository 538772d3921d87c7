import { between, type Random } from '../base/random';

/** Clients that lose the hub at the same moment come again over this time, longer where there are many. */
const MIN_RETRY_MS = 500;
const MAX_RETRY_MS = 30_000;
const RETRY_MS_A_CLIENT = 5;

/** How long one of so many clients is to stay away; to be asked for each of them. */
export function goodbyeDelayMs(random: Random, clients: number): number {
  const overMs = Math.min(MAX_RETRY_MS, 4 * MIN_RETRY_MS + RETRY_MS_A_CLIENT * clients);
  return Math.round(between(random, MIN_RETRY_MS, overMs));
}
