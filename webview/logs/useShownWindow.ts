import { useCallback, useRef, useState } from 'react';
import type { Clock } from '../../src/base/clock';
import type { LogWindowSnapshot } from '../realtime/logWindow';
import { Paced } from '../realtime/paced';
import { useHeld } from '../realtime/useHeld';

/** Counts that change faster cannot be read. */
const COUNTS_MS = 250;

/**
 * What the surroundings of the rows know of their window. That only other rows are there is told a few times a second: with each frame
 * of a followed log everything around them would be rendered, too.
 */
export function useShownWindow(clock: Clock): {
  readonly shown: LogWindowSnapshot | undefined;
  readonly show: (snapshot: LogWindowSnapshot) => void;
} {
  const [shown, setShown] = useState<LogWindowSnapshot>();
  const latest = useRef<LogWindowSnapshot>(undefined);
  const later = useHeld(
    useCallback(() => new Paced(clock, COUNTS_MS, () => setShown(latest.current)), [clock]),
  );
  const show = useCallback(
    (snapshot: LogWindowSnapshot): void => {
      const before = latest.current;
      latest.current = snapshot;
      if (before !== undefined && later !== undefined && hasOnlyOtherRows(before, snapshot)) {
        later.ask();
      } else {
        setShown(snapshot);
      }
    },
    [later],
  );
  return { shown, show };
}

function hasOnlyOtherRows(before: LogWindowSnapshot, after: LogWindowSnapshot): boolean {
  return (
    before.isFollowing === after.isFollowing &&
    before.isRead === after.isRead &&
    before.problem === after.problem &&
    before.scan?.problem?.code === after.scan?.problem?.code &&
    (before.total === 0) === (after.total === 0)
  );
}
