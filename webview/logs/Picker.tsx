import type { FormEvent, ReactElement } from 'react';

interface PickerOption {
  readonly value: string;
  readonly label: string;
}

export interface PickerProps {
  readonly label: string;
  readonly options: readonly PickerOption[];
  readonly value: string;
  readonly onPick: (value: string) => void;
}

/** One of a few. */
export function Picker({ label, options, value, onPick }: PickerProps): ReactElement {
  const onChange = (event: FormEvent<HTMLElement>): void => {
    const target: HTMLElement & { readonly value?: unknown } = event.currentTarget;
    if (typeof target.value === 'string' && target.value !== value) {
      onPick(target.value);
    }
  };
  return (
    // The element reads its options once: other options are another element.
    <vscode-single-select
      key={JSON.stringify([value, options])}
      className="picker"
      aria-label={label}
      label={label}
      onChange={onChange}
    >
      {options.map((option) => (
        <vscode-option key={option.value} value={option.value} selected={option.value === value}>
          {option.label}
        </vscode-option>
      ))}
    </vscode-single-select>
  );
}
