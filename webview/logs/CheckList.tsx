import type { ReactElement, ReactNode } from 'react';
import { withKeys } from '../ui/withKeys';

interface CheckItem {
  readonly name: string;
  readonly isChecked: boolean;
  /** Beside the name. */
  readonly more?: ReactNode;
}

export interface CheckListProps {
  readonly label: string;
  readonly items: readonly CheckItem[];
  readonly onToggle: (name: string) => void;
}

/** Some of a few. */
export function CheckList({ label, items, onToggle }: CheckListProps): ReactElement {
  return (
    <fieldset className="checks">
      <legend>{label}</legend>
      {withKeys(items, ({ name }) => name).map(({ item: { name, isChecked, more }, key }) => (
        <label key={key} className="check">
          <input type="checkbox" checked={isChecked} onChange={() => onToggle(name)} />
          <span className="check-name">{name}</span>
          {more !== undefined && <span className="check-more muted">{more}</span>}
        </label>
      ))}
    </fieldset>
  );
}
