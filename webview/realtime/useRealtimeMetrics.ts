import { notifyManager } from '@tanstack/react-query';
import { useCallback, useMemo, useSyncExternalStore } from 'react';
import type { Metric, MetricKey } from '../../src/protocol/metric';
import { useConnection } from './connectionContext';
import type { MetricAggregation } from './metricAggregation';
import { MetricWatch, type MetricWindow } from './metricWatch';
import { useStable } from './useStable';

/** Which series: each by its key, or some metrics of one whole cluster. */
type MetricSelection =
  | { readonly keys: readonly MetricKey[] }
  | { readonly source: string; readonly name: string; readonly metrics: readonly Metric[] };

export type RealtimeMetricsOptions = MetricSelection & {
  readonly aggregation: MetricAggregation;
  /** Of the window that ends now; what the limits of the view do not keep is not in it either. */
  readonly windowMs: number;
};

/**
 * Figures over a window that moves with the time, in the order in which they were asked for. Only what is new is read; two
 * components that show one series read it once.
 */
export function useRealtimeMetrics(options: RealtimeMetricsOptions): readonly MetricWindow[] {
  const { client, metrics: book, clock, visibility } = useConnection();
  const { aggregation, windowMs } = options;
  const keys = useStable(keysOf(options));
  const watch = useMemo(
    () =>
      new MetricWatch({
        book,
        clock,
        visibility,
        limits: () => client.limits,
        keys,
        aggregation,
        windowMs,
      }),
    [client, book, clock, visibility, keys, aggregation, windowMs],
  );
  const subscribe = useCallback(
    (listener: () => void) => watch.subscribe(notifyManager.batchCalls(listener)),
    [watch],
  );
  return useSyncExternalStore(subscribe, watch.snapshot, watch.snapshot);
}

function keysOf(selection: MetricSelection): readonly MetricKey[] {
  if ('keys' in selection) {
    return selection.keys;
  }
  const { source, name, metrics } = selection;
  return metrics.map((metric) => ({ source, name, metric }));
}
