import {
  CLUSTER_PERSONAS,
  CUSTOM_RESOURCE_DEFINITIONS,
  EVENTS,
  NAMESPACES,
  NODE_METRICS,
  NODES,
  POD_METRICS,
  PODS,
  type ApiResource,
} from '../apiServer/apiResource';
import { recordOf, textOf } from '../../persona/decodeField';
import { clusterPersonaCrd } from '../schema/clusterPersonaCrd';
import { customTable } from './customTable';
import { EVENT_TABLE } from './eventTable';
import { humanAge } from './humanDuration';
import { NODE_METRICS_TABLE, POD_METRICS_TABLE } from './metricsTable';
import { NODE_TABLE } from './nodeTable';
import { POD_TABLE } from './podTable';
import { AGE_COLUMN, CREATED_AT_COLUMN, NAME_COLUMN, textColumn, type TableFormat } from './tableFormat';

const NAMESPACE_TABLE: TableFormat = {
  columns: [NAME_COLUMN, textColumn('Status', 'Whether the namespace is active or going away.'), AGE_COLUMN],
  cells: (namespace, nowMs) => [
    namespace.metadata.name,
    textOf(recordOf(namespace['status'])?.['phase']) ?? '',
    humanAge(namespace.metadata.creationTimestamp, nowMs),
  ],
};

/** What the server shows where it knows nothing better. */
const DEFAULT_TABLE: TableFormat = {
  columns: [NAME_COLUMN, CREATED_AT_COLUMN],
  cells: ({ metadata }) => [metadata.name, metadata.creationTimestamp ?? null],
};

const BUILT_IN_TABLES: ReadonlyMap<ApiResource, TableFormat> = new Map([
  [NAMESPACES, NAMESPACE_TABLE],
  [NODES, NODE_TABLE],
  [PODS, POD_TABLE],
  [EVENTS, EVENT_TABLE],
  [CUSTOM_RESOURCE_DEFINITIONS, DEFAULT_TABLE],
  [NODE_METRICS, NODE_METRICS_TABLE],
  [POD_METRICS, POD_METRICS_TABLE],
]);

let clusterPersonaTable: TableFormat | undefined;

/** The table in which `kubectl get` shows the objects of a resource. */
export function tableFormatOf(resource: ApiResource): TableFormat {
  if (resource === CLUSTER_PERSONAS) {
    clusterPersonaTable ??= customTable(clusterPersonaCrd());
    return clusterPersonaTable;
  }
  return BUILT_IN_TABLES.get(resource) ?? DEFAULT_TABLE;
}
