import type { ReactElement } from 'react';
import { withKeys } from '../ui/withKeys';

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

/** One of a few. It stays the same element, and so keeps the focus, whatever is picked and whatever there is to pick. */
export function Picker({ label, options, value, onPick }: PickerProps): ReactElement {
  const onChange = ({ target }: Event): void => {
    if (target !== null && 'value' in target && typeof target.value === 'string' && target.value !== value) {
      onPick(target.value);
    }
  };
  return (
    // In lower case it is a listener on the element: its event does not bubble to where React's `onChange` listens.
    <vscode-single-select className="picker" aria-label={label} label={label} onchange={onChange}>
      {withKeys(options, (option) => JSON.stringify(option)).map(({ item: option, key }) => (
        // The element does not notice another text in an option, but another option.
        <vscode-option key={key} value={option.value} selected={option.value === value}>
          {option.label}
        </vscode-option>
      ))}
    </vscode-single-select>
  );
}
