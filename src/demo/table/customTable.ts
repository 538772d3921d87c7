import type { CustomResourceDefinition, PrinterColumn } from '../schema/clusterPersonaCrd';
import { compileColumnPath, type ColumnPath } from './columnPath';
import { humanAge } from './humanDuration';
import { NAME_COLUMN, type TableColumn, type TableFormat } from './tableFormat';

const COLUMN_TYPES: readonly TableColumn['type'][] = ['string', 'integer', 'number', 'boolean', 'date'];

interface CompiledColumn {
  readonly column: TableColumn;
  readonly read: ColumnPath;
}

/** The table of a custom resource: its name, and the columns that its definition asks for. */
export function customTable(crd: CustomResourceDefinition): TableFormat {
  const columns = crd.printerColumns.map(compile);
  return {
    columns: [NAME_COLUMN, ...columns.map(({ column }) => column)],
    cells: (object, nowMs) => [
      object.metadata.name,
      ...columns.map(({ column, read }) => cellOf(column.type, read(object), nowMs)),
    ],
  };
}

function compile(printerColumn: PrinterColumn): CompiledColumn {
  const { name, format, priority, jsonPath } = printerColumn;
  const type = COLUMN_TYPES.find((candidate) => candidate === printerColumn.type) ?? 'string';
  const description =
    printerColumn.description === ''
      ? `Custom resource definition column (in JSONPath format): ${jsonPath}`
      : printerColumn.description;
  return { column: { name, type, format, description, priority }, read: compileColumnPath(jsonPath) };
}

/** A value of another type than the column's is not shown. */
function cellOf(type: TableColumn['type'], value: unknown, nowMs: number): unknown {
  if (value === undefined || value === null) {
    return null;
  }
  switch (type) {
    case 'string':
      return typeof value === 'string' ? value : JSON.stringify(value);
    case 'integer':
      return typeof value === 'number' ? Math.trunc(value) : null;
    case 'number':
      return typeof value === 'number' ? value : null;
    case 'boolean':
      return typeof value === 'boolean' ? value : null;
    case 'date':
      return typeof value === 'string' ? humanAge(value, nowMs) : null;
    default:
      return type satisfies never;
  }
}
