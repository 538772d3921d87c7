import type { ReactElement } from 'react';

/** How much of something is used; the figure stands beside it. Above 100 the bar is full. */
export function Meter(props: { readonly percent: number; readonly label: string }): ReactElement {
  const percent = Math.min(100, Math.max(0, props.percent));
  return <meter className="meter" aria-label={props.label} min={0} max={100} value={Math.round(percent)} />;
}
