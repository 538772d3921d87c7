import type { LogFilter } from '../../src/protocol/logView';
import type { LogViewStatus } from '../realtime/openLogView';

/** As many as there is room for, and as the host keeps filters of. */
const MAX_PANES = 3;
/** No pod is called so. */
const ALL = 'all';

interface Pane {
  readonly key: string;
  /** The pod that it is of; absent where there is one pane for all. */
  readonly heading?: string;
  readonly filter: LogFilter;
}

export interface SplitPanes {
  readonly panes: readonly Pane[];
  /** How many pods there would be a pane for. */
  readonly pods: number;
  /** What all panes show together. */
  readonly filter: LogFilter;
}

/** A pane for each of the first pods that a filter lets through, those with lines before others; else one for all. */
export function panesOf(filter: LogFilter, streams: LogViewStatus['streams']): SplitPanes {
  const lines = new Map<string, number>();
  for (const stream of streams) {
    lines.set(stream.pod, (lines.get(stream.pod) ?? 0) + stream.lines);
  }
  const all = [...lines]
    .filter(([pod]) => filter.pods?.includes(pod) ?? true)
    .toSorted(([a, m], [b, n]) => Number(n > 0) - Number(m > 0) || (a < b ? -1 : 1))
    .map(([pod]) => pod);
  if (all.length < 2) {
    return { panes: [{ key: ALL, filter }], pods: all.length, filter };
  }
  const pods = all.slice(0, MAX_PANES);
  return {
    panes: pods.map((pod) => ({ key: `pod ${pod}`, heading: pod, filter: { ...filter, pods: [pod] } })),
    pods: all.length,
    filter: all.length > pods.length ? { ...filter, pods } : filter,
  };
}
