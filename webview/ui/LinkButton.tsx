import type { MouseEventHandler, ReactElement, ReactNode } from 'react';

export interface LinkButtonProps {
  readonly onClick: MouseEventHandler<HTMLButtonElement>;
  /** Said to screen readers where the text alone does not tell which of many it is. */
  readonly label?: string;
  readonly children: ReactNode;
}

/** An action that reads like a link, for places where a button would weigh too much. */
export function LinkButton({ onClick, label, children }: LinkButtonProps): ReactElement {
  return (
    <button type="button" className="link" onClick={onClick} aria-label={label} title={label}>
      {children}
    </button>
  );
}
