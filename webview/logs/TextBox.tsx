import type { KeyboardEvent, ReactElement, ReactNode, Ref } from 'react';

export interface TextBoxProps {
  readonly ref?: Ref<HTMLInputElement>;
  readonly label: string;
  readonly placeholder: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly onKeyDown?: (event: KeyboardEvent<HTMLInputElement>) => void;
  /** What is wrong with it; said in place. */
  readonly fault?: string | undefined;
  /** Switches within the box. */
  readonly children?: ReactNode;
}

/** A line to type in, with its switches in it and what is wrong with it below. */
export function TextBox(props: TextBoxProps): ReactElement {
  const { ref, label, placeholder, value, onChange, onKeyDown, fault, children } = props;
  return (
    <div className={fault === undefined ? 'box' : 'box box-fault'}>
      <input
        ref={ref}
        type="text"
        aria-label={label}
        aria-invalid={fault !== undefined}
        placeholder={placeholder}
        value={value}
        maxLength={4_096}
        spellCheck={false}
        autoComplete="off"
        onChange={({ target }) => onChange(target.value)}
        onKeyDown={onKeyDown}
      />
      {children}
      {fault !== undefined && (
        <div className="box-message" role="alert">
          {fault}
        </div>
      )}
    </div>
  );
}

/** A switch of a text box, by a short sign. */
export function BoxSwitch(props: {
  readonly icon: string;
  readonly label: string;
  readonly isOn: boolean;
  readonly onClick: () => void;
}): ReactElement {
  const { icon, label, isOn, onClick } = props;
  return (
    <button
      type="button"
      className="icon-button box-switch"
      aria-label={label}
      title={label}
      aria-pressed={isOn}
      onClick={onClick}
    >
      <i className={`codicon codicon-${icon}`} aria-hidden="true" />
    </button>
  );
}
