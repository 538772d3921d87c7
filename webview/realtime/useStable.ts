import { useState } from 'react';

/** The value that was given first, for as long as what is given says the same as JSON: for arrays and objects written in place. */
export function useStable<T>(value: T): T {
  const [held, setHeld] = useState(() => value);
  if (held === value || JSON.stringify(held) === JSON.stringify(value)) {
    return held;
  }
  setHeld(() => value);
  return value;
}
