import type { Clock } from '../base/clock';
import { DisposableStore, type Disposable } from '../base/disposable';

/** Reading the addresses takes some 0.1 ms; a person who plugs in a cable waits this long at most. */
const POLL_MS = 5_000;

/** Calls back when an address appeared that was not there at the last look. */
export function onAddressesChanged(
  clock: Clock,
  addresses: () => readonly string[],
  callback: () => void,
): Disposable {
  const timer = new DisposableStore();
  let known = new Set(addresses());
  const poll = (): void => {
    timer.clear();
    timer.add(
      clock.schedule(POLL_MS, () => {
        const now = new Set(addresses());
        const isNew = [...now].some((address) => !known.has(address));
        known = now;
        if (isNew) {
          callback();
        }
        poll();
      }),
    );
  };
  poll();
  return timer;
}
