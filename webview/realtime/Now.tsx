import type { ReactNode } from 'react';
import { useNow } from './useNow';

/** Renders with the time, and again every second: only what is inside, not the component around it. */
export function Now(props: { readonly children: (now: number) => ReactNode }): ReactNode {
  return props.children(useNow());
}
