import type { ClusterPersona } from './clusterPersona';

export interface NodeCounts {
  readonly ready: number;
  readonly notReady: number;
  /** Nodes that do not say whether they are ready, those that could not be read included. */
  readonly unknown: number;
  readonly total: number;
}

/** Counted from `status.nodes`, the only place that is never out of date; `undefined` where there is no such list. */
export function countNodes(persona: ClusterPersona): NodeCounts | undefined {
  const nodes = persona.status?.nodes;
  if (persona.status === undefined || nodes === undefined) {
    return undefined;
  }
  let ready = 0;
  let notReady = 0;
  for (const node of nodes) {
    if (node.ready === true) {
      ready += 1;
    } else if (node.ready === false) {
      notReady += 1;
    }
  }
  const total = nodes.length + persona.status.unreadable.nodes;
  return { ready, notReady, unknown: total - ready - notReady, total };
}
