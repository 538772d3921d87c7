import type { ReactElement, ReactNode } from 'react';
import { Icon } from './Icon';

export interface NoticeProps {
  readonly tone: 'warning' | 'error' | 'plain';
  /** What happened. */
  readonly what: string;
  /** What still works, and the one thing to do. */
  readonly more?: ReactNode;
  /** Buttons. */
  readonly children?: ReactNode;
}

/** Something the reader should know before trusting what stands below. */
export function Notice({ tone, what, more, children }: NoticeProps): ReactElement {
  const icon = tone === 'error' ? 'error' : tone === 'warning' ? 'warning' : 'info';
  return (
    <div className={`notice notice-${tone}`} role={tone === 'error' ? 'alert' : 'status'}>
      <Icon id={icon} tone={tone} />
      <p className="notice-text">
        <strong>{what}</strong> {more}
      </p>
      {children !== undefined && children !== false && <div className="notice-actions">{children}</div>}
    </div>
  );
}
