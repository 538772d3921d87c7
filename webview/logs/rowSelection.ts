import type { LogRow } from '../../src/protocol/podLog';
import { rowId, type RowKey } from '../realtime/logWindow';

/** A row, and where it was among all when it was last seen. */
interface SelectedRow extends RowKey {
  readonly position: number;
}

/** The rows from one to another, in either direction. */
export interface RowSelection {
  /** Key of the pane in which they are. */
  readonly pane: string;
  readonly anchor: SelectedRow;
  readonly focus: SelectedRow;
}

/** Whether a row at `position` is one of the selected. */
export function isSelected(selection: RowSelection | undefined, row: LogRow, position: number): boolean {
  if (selection === undefined) {
    return false;
  }
  const { anchor, focus } = selection;
  const id = rowId(row);
  if (id === rowId(anchor) || id === rowId(focus)) {
    return true;
  }
  return (
    position > Math.min(anchor.position, focus.position) &&
    position < Math.max(anchor.position, focus.position)
  );
}
