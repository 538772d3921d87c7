import * as l10n from '@vscode/l10n';
import { useState, type ReactElement, type ReactNode } from 'react';
import { compareNames } from '../../src/texts/compareNames';
import { formatCount } from './formatNumber';
import { SortHeader } from './SortHeader';
import { withKeys } from './withKeys';

export interface Column<Row> {
  readonly id: string;
  readonly header: string;
  readonly render: (row: Row) => ReactNode;
  /** Figures stand at the end of their cell. */
  readonly isNumeric?: boolean;
  /** Makes the column one to sort by; unknown values, `undefined`, come last either way. */
  readonly sortValue?: (row: Row) => string | number | undefined;
  /** The first such column names the row, and titles its card where there is no room for a table. */
  readonly isRowHeader?: boolean;
  /** Lets long texts break instead of widening the table. */
  readonly wraps?: boolean;
}

export interface SortOrder {
  readonly column: string;
  readonly isDescending: boolean;
}

export interface DataTableProps<Row> {
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  readonly sort?: SortOrder | undefined;
  /** Called with the order that a click on a header asks for; `undefined` for the order in which the rows came. */
  readonly onSort?: (sort: SortOrder | undefined) => void;
}

/** Rows laid out at once; more come on demand. Thousands of rows would make every update slow. */
const PAGE_ROWS = 200;

/** A table; in a narrow view each row is a card. */
export function DataTable<Row>(props: DataTableProps<Row>): ReactElement {
  const { columns, rows, sort, onSort } = props;
  const [limit, setLimit] = useState(PAGE_ROWS);
  const sorted = sortRows(rows, columns, sort);
  const hidden = rows.length - limit;
  return (
    <>
      <table className="table" aria-label={props.label} aria-rowcount={rows.length + 1}>
        <thead>
          <tr>
            {columns.map((column) => (
              <HeaderCell key={column.id} column={column} sort={sort} onSort={onSort} />
            ))}
          </tr>
        </thead>
        <tbody>
          {withKeys(sorted.slice(0, limit), props.rowKey).map(({ item: row, key }) => (
            <tr key={key}>
              {columns.map((column) => (
                <BodyCell key={column.id} column={column} row={row} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {hidden > 0 && (
        <div className="table-more">
          <span className="muted">
            {l10n.t('Showing {0} of {1}', formatCount(limit), formatCount(rows.length))}
          </span>
          <vscode-button secondary onClick={() => setLimit(limit + PAGE_ROWS)}>
            {l10n.t('Show {0} more', formatCount(Math.min(PAGE_ROWS, hidden)))}
          </vscode-button>
        </div>
      )}
    </>
  );
}

function HeaderCell<Row>(props: {
  readonly column: Column<Row>;
  readonly sort: SortOrder | undefined;
  readonly onSort: ((sort: SortOrder | undefined) => void) | undefined;
}): ReactElement {
  const { column, onSort } = props;
  const className = cellClass(column);
  if (onSort === undefined || column.sortValue === undefined) {
    return (
      <th scope="col" className={className}>
        {column.header}
      </th>
    );
  }
  return (
    <SortHeader
      className={className}
      text={column.header}
      order={props.sort?.column === column.id ? props.sort : undefined}
      onSort={(order) => onSort(order && { column: column.id, ...order })}
    />
  );
}

function BodyCell<Row>({ column, row }: { readonly column: Column<Row>; readonly row: Row }): ReactElement {
  const content = column.render(row);
  return column.isRowHeader === true ? (
    <th scope="row" className={cellClass(column)}>
      {content}
    </th>
  ) : (
    <td className={cellClass(column)} data-label={column.header}>
      {content}
    </td>
  );
}

function cellClass<Row>(column: Column<Row>): string {
  return `col-${column.id}${column.isNumeric === true ? ' numeric' : ''}${column.wraps === true ? ' wraps' : ''}`;
}

function sortRows<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  sort: SortOrder | undefined,
): readonly Row[] {
  const sortValue = columns.find((column) => column.id === sort?.column)?.sortValue;
  if (sort === undefined || sortValue === undefined) {
    return rows;
  }
  const direction = sort.isDescending ? -1 : 1;
  return rows.toSorted((a, b) => {
    const left = sortValue(a);
    const right = sortValue(b);
    if (left === undefined || right === undefined) {
      return Number(left === undefined) - Number(right === undefined);
    }
    const order =
      typeof left === 'number' && typeof right === 'number'
        ? left - right
        : compareNames(String(left), String(right));
    return direction * order;
  });
}
