import { useEffect, useId, useRef, useState, type ReactElement, type ReactNode } from 'react';
import { Icon } from '../ui/Icon';

export interface PopoverProps {
  /** On the button. */
  readonly text: string;
  /** Said to screen readers where the text alone does not tell. */
  readonly label?: string;
  readonly isActive?: boolean;
  readonly children: () => ReactNode;
}

/** A button that opens a small panel below it. Escape, a click elsewhere, or leaving it by the keyboard closes it. */
export function Popover({ text, label, isActive = false, children }: PopoverProps): ReactElement {
  const id = useId();
  const [isOpen, setIsOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!isOpen) {
      return undefined;
    }
    const abort = new AbortController();
    const leave = ({ target }: Event): void => {
      if (target instanceof Node && root.current?.contains(target) === false) {
        setIsOpen(false);
      }
    };
    document.addEventListener('pointerdown', leave, { signal: abort.signal, capture: true });
    document.addEventListener('focusin', leave, { signal: abort.signal });
    document.addEventListener(
      'keydown',
      (event) => {
        if (event.key === 'Escape') {
          event.stopPropagation();
          setIsOpen(false);
          button.current?.focus();
        }
      },
      { signal: abort.signal, capture: true },
    );
    return () => abort.abort();
  }, [isOpen]);
  return (
    <div className="popover" ref={root}>
      <button
        ref={button}
        type="button"
        className={isActive ? 'tool tool-active' : 'tool'}
        aria-label={label}
        title={label}
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => setIsOpen(!isOpen)}
      >
        {text} <Icon id="chevron-down" />
      </button>
      {isOpen && (
        <div className="popover-panel" id={id}>
          {children()}
        </div>
      )}
    </div>
  );
}
