import type { MouseEventHandler, ReactElement, ReactNode } from 'react';

export interface LinkButtonProps {
  /** Makes it a link, which does nothing but lead there. */
  readonly href?: string | undefined;
  readonly onClick?: MouseEventHandler | undefined;
  /** Said to screen readers where the text alone does not tell which of many it is. */
  readonly label?: string;
  /** For one that opens something: whether it is open, and its id. */
  readonly isExpanded?: boolean;
  readonly controls?: string;
  readonly children: ReactNode;
}

/** An action that reads like a link, for places where a button would weigh too much. */
export function LinkButton(props: LinkButtonProps): ReactElement {
  const { href, onClick, label, isExpanded, controls, children } = props;
  if (href !== undefined) {
    return (
      <a className="link" href={href} aria-label={label} title={label}>
        {children}
      </a>
    );
  }
  return (
    <button
      type="button"
      className="link"
      onClick={onClick}
      aria-label={label}
      title={label}
      aria-expanded={isExpanded}
      aria-controls={controls}
    >
      {children}
    </button>
  );
}
