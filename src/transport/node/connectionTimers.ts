import type { Clock } from '../../base/clock';
import { TimerWheel } from '../../base/timerWheel';

/** What connections wait for takes seconds. */
const SLOT_MS = 1_000;

/** For the deadlines of all connections of a server. */
export function connectionTimers(clock: Clock): TimerWheel {
  return new TimerWheel(clock, SLOT_MS);
}
