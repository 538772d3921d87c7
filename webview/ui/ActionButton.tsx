import type { MouseEventHandler, ReactElement, ReactNode } from 'react';

export interface ActionButtonProps {
  /** Makes it a link that looks like a button. */
  readonly href?: string | undefined;
  readonly onClick?: MouseEventHandler | undefined;
  readonly children: ReactNode;
}

/** A button for something that may be a page of its own. */
export function ActionButton({ href, onClick, children }: ActionButtonProps): ReactElement {
  return href === undefined ? (
    <vscode-button secondary onClick={onClick}>
      {children}
    </vscode-button>
  ) : (
    <a className="button-link" href={href}>
      {children}
    </a>
  );
}
