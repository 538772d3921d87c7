import type { ReactElement } from 'react';

/** A cell with nothing to say. */
export function EmptyCell({ column }: { readonly column: string }): ReactElement {
  return <td className={`col-${column}`}>&nbsp;</td>;
}
