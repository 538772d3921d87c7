import type { ClusterPersona } from '../../src/persona/clusterPersona';

/**
 * Why there is nothing of a list to show: nobody has looked yet, what was reported cannot be read, or nothing was
 * reported.
 */
export type ListGap = 'notDiscovered' | 'unreadable' | 'none';

export function listGap(persona: ClusterPersona, list: 'nodes' | 'addons' | 'conditions'): ListGap {
  const { phase, status } = persona;
  if (phase === 'NotDiscovered') {
    return 'notDiscovered';
  }
  // A phase without a status is that of a status that is no object.
  const isUnreadable =
    status === undefined || status.unreadableFields.has(list) || status.unreadable[list] > 0;
  return isUnreadable ? 'unreadable' : 'none';
}
