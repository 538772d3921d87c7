import type { ReactElement } from 'react';
import { Icon } from './Icon';

export interface IconButtonProps {
  readonly icon: string;
  /** Said to screen readers and on hover. */
  readonly label: string;
  readonly onClick: () => void;
  /** Makes it a switch. */
  readonly isPressed?: boolean;
}

/** A small action known by its picture. */
export function IconButton({ icon, label, onClick, isPressed }: IconButtonProps): ReactElement {
  return (
    <button
      type="button"
      className="icon-button"
      onClick={onClick}
      aria-label={label}
      title={label}
      aria-pressed={isPressed}
    >
      <Icon id={icon} />
    </button>
  );
}
