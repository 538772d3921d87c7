import { useSyncExternalStore } from 'react';

/** As in the style sheet: below, each row is a card. */
const NARROW = '(max-width: 699px)';

/** Whether there is no room for a table. */
export function useIsNarrow(): boolean {
  return useSyncExternalStore(subscribe, isNarrow, isNarrow);
}

const isNarrow = (): boolean => matchMedia(NARROW).matches;

function subscribe(listener: () => void): () => void {
  const query = matchMedia(NARROW);
  query.addEventListener('change', listener);
  return () => query.removeEventListener('change', listener);
}
