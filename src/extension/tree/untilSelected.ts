import { delay, type Clock } from '../../base/clock';

/** Rows that VS Code left as they were are drawn anew after 2 s at the latest, and a tree of thousands in far less than the rest. */
const PATIENCE_MS = 4_000;
const LOOK_MS = 20;

/**
 * What `look` finds, looked at again for a while where it finds nothing: while VS Code draws rows anew it knows none of them, the
 * selected one included, although that was just clicked.
 */
export async function untilSelected<T>(look: () => T | undefined, clock: Clock): Promise<T | undefined> {
  const endMs = clock.monotonic() + PATIENCE_MS;
  for (;;) {
    const found = look();
    if (found !== undefined || clock.monotonic() >= endMs) {
      return found;
    }
    await delay(clock, LOOK_MS);
  }
}
