import type { ReactElement, ReactNode } from 'react';

/** Short facts in a row, with a dot between two that share a line: none starts or ends a line, wherever it breaks. */
export function DotList({ items }: { readonly items: readonly ReactNode[] }): ReactElement {
  return (
    <span className="dots">
      <span className="dots-row">
        {items.map((item, place) => (
          <span key={`${place}`} className="dots-item">
            {place > 0 && <span className="dot"> · </span>}
            {item}
          </span>
        ))}
      </span>
    </span>
  );
}
