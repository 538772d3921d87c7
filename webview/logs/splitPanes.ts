import type { LogFilter } from '../../src/protocol/logView';
import type { LogViewStatus } from '../realtime/openLogView';

/** As many as there is room for, and as the host keeps filters of. */
const MAX_PANES = 3;

export interface Pane {
  readonly key: string;
  /** The pod that it is of; absent where there is one pane for all. */
  readonly heading?: string;
  readonly filter: LogFilter;
}

/** A pane for each of the first pods that a filter lets through, those with lines before others; else one for all. */
export function panesOf(filter: LogFilter, streams: LogViewStatus['streams']): readonly Pane[] {
  const lines = new Map<string, number>();
  for (const stream of streams) {
    lines.set(stream.pod, (lines.get(stream.pod) ?? 0) + stream.lines);
  }
  const pods = [...lines]
    .filter(([pod]) => filter.pods?.includes(pod) ?? true)
    .toSorted(([a, m], [b, n]) => Number(n > 0) - Number(m > 0) || (a < b ? -1 : 1))
    .slice(0, MAX_PANES)
    .map(([pod]) => pod);
  if (pods.length < 2) {
    return [{ key: 'all', filter }];
  }
  return pods.map((pod) => ({ key: pod, heading: pod, filter: { ...filter, pods: [pod] } }));
}
