import type { Clock } from '../../base/clock';
import type { Disposable } from '../../base/disposable';

/** Timers are cut to some weeks, and a clock may be set: it is looked at again at least this often. */
const MAX_WAIT_MS = 60 * 60_000;

/** Calls back once when the clock on the wall says so (in milliseconds since the Unix epoch), unless disposed before. */
export function atWallTime(clock: Clock, atMs: number, callback: () => void): Disposable {
  let timer: Disposable;
  const wait = (): void => {
    timer = clock.schedule(Math.min(atMs - clock.now(), MAX_WAIT_MS), () => {
      timer.dispose();
      if (clock.now() >= atMs) {
        callback();
      } else {
        wait();
      }
    });
  };
  wait();
  return { dispose: () => timer.dispose() };
}
