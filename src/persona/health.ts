import type { Health } from '../protocol/summaryRow';
import type { ClusterPersona } from './clusterPersona';
import { countNodes } from './nodeCounts';
import type { PersonaAddon, PersonaCondition, PersonaNode } from './personaStatus';

/** An add-on that is not installed is neither well nor unknown: there is nothing to be well. */
export type AddonHealth = Health | 'notInstalled';

export function nodeHealth(node: PersonaNode): Health {
  if (node.ready === undefined) {
    return 'unknown';
  }
  return node.ready ? 'ok' : 'warning';
}

export function addonHealth(addon: PersonaAddon): AddonHealth {
  if (addon.installed === false) {
    return 'notInstalled';
  }
  // Many operators only look whether an add-on is there: without a verdict its health is not known.
  if (addon.healthy === undefined) {
    return 'unknown';
  }
  return addon.healthy ? 'ok' : 'error';
}

/** `Healthy` and `Discovered` are good when True; of other types it is not known which way round they are meant. */
export function conditionHealth(condition: PersonaCondition): Health {
  if (condition.type !== 'Healthy' && condition.type !== 'Discovered') {
    return 'unknown';
  }
  switch (condition.status) {
    case 'True':
      return 'ok';
    case 'False':
      return condition.type === 'Discovered' ? 'error' : 'warning';
    case 'Unknown':
    case undefined:
      return 'unknown';
    default:
      return condition.status satisfies never;
  }
}

/**
 * The one verdict on a cluster, the worst of what is known:
 * - `error`: the operator reports `Unknown` (it tried to look and could not: somebody has to), or no node is ready
 * - `warning`: it reports `Degraded`, or a node is not ready, an add-on unhealthy or a condition bad, whatever it reports
 * - `unknown`: not discovered yet, or a phase this version has no word for; never drawn as good
 * - `ok`: `Ready`, and nothing that contradicts it
 */
export function personaHealth(persona: ClusterPersona): Health {
  const { phase, status } = persona;
  if (status === undefined || phase === 'NotDiscovered') {
    return 'unknown';
  }
  const nodes = countNodes(persona);
  if (
    status.reportedPhase === 'Unknown' ||
    (nodes !== undefined && nodes.total > 0 && nodes.notReady === nodes.total)
  ) {
    return 'error';
  }
  if (phase === 'Degraded' || (nodes !== undefined && nodes.notReady > 0) || hasFault(persona)) {
    return 'warning';
  }
  return phase === 'Ready' ? 'ok' : 'unknown';
}

function hasFault(persona: ClusterPersona): boolean {
  const conditions = persona.status?.conditions ?? [];
  return (
    countUnhealthyAddons(persona) > 0 ||
    conditions.some((condition) => condition.status === 'False' && conditionHealth(condition) !== 'unknown')
  );
}

/** Installed add-ons that are reported as unhealthy. */
export function countUnhealthyAddons(persona: ClusterPersona): number {
  let unhealthy = 0;
  for (const addon of persona.status?.addons ?? []) {
    if (addonHealth(addon) === 'error') {
      unhealthy += 1;
    }
  }
  return unhealthy;
}
