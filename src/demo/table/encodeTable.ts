import type { KubeObject } from '../../base/kubeObject';
import type { IncludeObject, MetaVersion } from './negotiateTable';
import { partialObject } from './partialObject';
import type { TableColumn, TableFormat } from './tableFormat';

export interface TableOptions {
  readonly includeObject: IncludeObject;
  readonly version: MetaVersion;
}

/**
 * A `meta.k8s.io` Table as pieces of JSON. `tableMetadata` is that of the list, or for a single object its
 * `resourceVersion`. Ages are told as of `nowMs`.
 */
export function* encodeTable(
  format: TableFormat,
  objects: Iterable<KubeObject>,
  tableMetadata: object,
  options: TableOptions,
  nowMs: number,
): Generator<string, void, void> {
  yield tableHead(options.version, tableMetadata, format.columns);
  let separator = '';
  for (const object of objects) {
    yield `${separator}${JSON.stringify(rowOf(format, object, options, nowMs))}`;
    separator = ',';
  }
  yield ']}\n';
}

/** Writes the events of one watch as tables of one row. Only the first says which columns there are. */
export class TableWatchEncoder {
  readonly #format: TableFormat;
  readonly #options: TableOptions;
  #hasSaidColumns = false;

  constructor(format: TableFormat, options: TableOptions) {
    this.#format = format;
    this.#options = options;
  }

  /** A line of the watch. Not for ERROR, whose object is a Status in any form. */
  event(type: 'ADDED' | 'MODIFIED' | 'DELETED', object: KubeObject, nowMs: number): string {
    const { resourceVersion = '' } = object.metadata;
    return this.#line(type, resourceVersion, rowOf(this.#format, object, this.#options, nowMs));
  }

  /** `metadata` is what the bookmark's object carries, its `resourceVersion` among it. */
  bookmark(metadata: { readonly resourceVersion: string; readonly [field: string]: unknown }): string {
    const cells = this.#format.columns.map((column) => (column.format === 'name' ? '' : null));
    // A real server sends the bookmark's object even where no objects were asked for: its revision stands in there.
    const object = {
      kind: 'PartialObjectMetadata',
      apiVersion: `meta.k8s.io/${this.#options.version}`,
      metadata,
    };
    return this.#line('BOOKMARK', metadata.resourceVersion, { cells, object });
  }

  #line(type: string, resourceVersion: string, row: object): string {
    const columns = this.#hasSaidColumns ? null : this.#format.columns;
    this.#hasSaidColumns = true;
    const head = tableHead(this.#options.version, { resourceVersion }, columns);
    return `{"type":"${type}","object":${head}${JSON.stringify(row)}]}}\n`;
  }
}

function tableHead(
  version: MetaVersion,
  metadata: object,
  columnDefinitions: readonly TableColumn[] | null,
): string {
  const head = { kind: 'Table', apiVersion: `meta.k8s.io/${version}`, metadata, columnDefinitions };
  return `${JSON.stringify(head).slice(0, -1)},"rows":[`;
}

function rowOf(
  format: TableFormat,
  object: KubeObject,
  { includeObject, version }: TableOptions,
  nowMs: number,
): object {
  const conditions = format.rowConditions?.(object) ?? [];
  return {
    cells: format.cells(object, nowMs),
    ...(conditions.length > 0 && { conditions }),
    object: includedObject(object, includeObject, version),
  };
}

function includedObject(
  object: KubeObject,
  includeObject: IncludeObject,
  version: MetaVersion,
): KubeObject | null {
  switch (includeObject) {
    case 'None':
      return null;
    case 'Metadata':
      return partialObject(object, version);
    case 'Object':
      return object;
    default:
      return includeObject satisfies never;
  }
}
