import { useCallback, useEffect, useState } from 'react';
import type { Clock } from '../../src/base/clock';
import { Paced } from '../realtime/paced';
import { useHeld } from '../realtime/useHeld';

/** Long enough to be read. */
const SAID_MS = 5_000;

/** What was done last, for as long as it takes to read that. */
export function useSaid(clock: Clock): { readonly said: string; readonly say: (text: string) => void } {
  const [said, say] = useState('');
  const unsay = useHeld(useCallback(() => new Paced(clock, SAID_MS, () => say('')), [clock]));
  useEffect(() => {
    if (said !== '') {
      unsay?.ask();
    }
  }, [said, unsay]);
  return { said, say };
}
