import type { KubeObject } from '../../base/kubeObject';

/** A `meta.k8s.io/v1` TableColumnDefinition. */
export interface TableColumn {
  readonly name: string;
  readonly type: 'string' | 'integer' | 'number' | 'boolean' | 'date';
  /** `name` marks the column that identifies the row. */
  readonly format: string;
  readonly description: string;
  /** Columns of 0 are always shown, others with `-o wide` only. */
  readonly priority: number;
}

/** A `meta.k8s.io/v1` TableRowCondition. */
export interface TableRowCondition {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
}

/** How the objects of a resource are shown in a table. */
export interface TableFormat {
  readonly columns: readonly TableColumn[];
  /** One cell a column; null where there is nothing to show. */
  cells(object: KubeObject, nowMs: number): readonly unknown[];
  /** What sets a row apart, such as that a pod is done. */
  rowConditions?(object: KubeObject): readonly TableRowCondition[];
}

export const NAME_COLUMN: TableColumn = {
  name: 'Name',
  type: 'string',
  format: 'name',
  description: 'What the object is called, unique within its namespace.',
  priority: 0,
};

const CREATED_DESCRIPTION = 'When the object was created.';

/** How old the object is. */
export const AGE_COLUMN = textColumn('Age', CREATED_DESCRIPTION);

export const CREATED_AT_COLUMN: TableColumn = {
  ...textColumn('Created At', CREATED_DESCRIPTION),
  type: 'date',
};

export function textColumn(name: string, description: string, format = ''): TableColumn {
  return { name, type: 'string', format, description, priority: 0 };
}

/** A column that is shown with `-o wide` only. */
export function wideColumn(name: string, description: string): TableColumn {
  return { ...textColumn(name, description), priority: 1 };
}
