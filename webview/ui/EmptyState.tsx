import type { ReactElement, ReactNode } from 'react';
import { Icon, type Tone } from './Icon';

export interface EmptyStateProps {
  readonly icon: string;
  readonly tone?: Tone;
  readonly title: string;
  readonly text?: string | undefined;
  /** The one thing to do. */
  readonly children?: ReactNode;
}

/** Says why there is nothing to see, in the place where it would be. */
export function EmptyState({ icon, tone = 'muted', title, text, children }: EmptyStateProps): ReactElement {
  return (
    <output className="empty">
      <span className="empty-icon">
        <Icon id={icon} tone={tone} />
      </span>
      <strong className="empty-title">{title}</strong>
      {text !== undefined && <span className="muted empty-text">{text}</span>}
      {children !== undefined && <span className="empty-actions">{children}</span>}
    </output>
  );
}
