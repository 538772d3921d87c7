import type { ReactElement, ReactNode } from 'react';

export interface ClampedProps {
  /** Shown on hover. */
  readonly text: string;
  /** How it is shown; as it is by default. */
  readonly children?: ReactNode;
}

/** A text of the cluster's choosing, of which two lines are shown at most. */
export function Clamped({ text, children = text }: ClampedProps): ReactElement {
  return (
    <span className="clamped" title={text}>
      {children}
    </span>
  );
}
