import type { ReactElement } from 'react';
import { Icon } from './Icon';

interface ColumnOrder {
  readonly isDescending: boolean;
}

export interface SortHeaderProps {
  readonly text: string;
  readonly className: string;
  /** Absent while the rows are sorted by something else. */
  readonly order: ColumnOrder | undefined;
  /** Called with the order that a click asks for: up, down, and then none. */
  readonly onSort: (order: ColumnOrder | undefined) => void;
}

/** The head of a column that rows can be sorted by. */
export function SortHeader({ text, className, order, onSort }: SortHeaderProps): ReactElement {
  const next =
    order === undefined ? { isDescending: false } : order.isDescending ? undefined : { isDescending: true };
  return (
    <th
      scope="col"
      className={className}
      aria-sort={order === undefined ? 'none' : order.isDescending ? 'descending' : 'ascending'}
    >
      <button type="button" className="sort" onClick={() => onSort(next)}>
        {text}
        {order !== undefined && <Icon id={order.isDescending ? 'arrow-down' : 'arrow-up'} />}
      </button>
    </th>
  );
}
