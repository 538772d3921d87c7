import type { KubeObject } from '../../base/kubeObject';
import { listOf, recordOf, textOf } from '../../persona/decodeField';
import { parseQuantity } from '../../persona/quantity';
import { NAME_COLUMN, textColumn, type TableFormat } from './tableFormat';

const KIBIBYTE = 1024;
const NANOS = 1e9;

function metricsTable(usageOf: (metrics: KubeObject, resource: string) => readonly string[]): TableFormat {
  return {
    columns: [
      NAME_COLUMN,
      textColumn('cpu', 'Processor time used, in cores.', 'quantity'),
      textColumn('memory', 'Memory in use.', 'quantity'),
      textColumn('Window', 'The time over which the use was measured.', 'duration'),
    ],
    cells: (metrics) => [
      metrics.metadata.name,
      sumOf(usageOf(metrics, 'cpu'), (cores) => `${Math.round(cores * NANOS)}n`),
      sumOf(usageOf(metrics, 'memory'), (bytes) => `${Math.round(bytes / KIBIBYTE)}Ki`),
      textOf(metrics['window']) ?? '',
    ],
  };
}

export const NODE_METRICS_TABLE = metricsTable((metrics, resource) => {
  const text = textOf(recordOf(metrics['usage'])?.[resource]);
  return text === undefined ? [] : [text];
});

export const POD_METRICS_TABLE = metricsTable(
  (metrics, resource) =>
    listOf(metrics['containers'], (container) => textOf(recordOf(container['usage'])?.[resource])).items ??
    [],
);

/** One quantity as it was written; of several the sum, written by `format`. */
function sumOf(quantities: readonly string[], format: (sum: number) => string): string {
  const [first, ...others] = quantities;
  if (first === undefined) {
    return '0';
  }
  return others.length === 0
    ? first
    : format(quantities.reduce((sum, text) => sum + (parseQuantity(text) ?? 0), 0));
}
