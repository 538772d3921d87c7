import type { Finding } from '../../doctor/diagnosis';
import type { Check } from '../../doctor/examine';
import type { Source } from '../../hub/source';
import { problemFromResponse } from '../../protocol/problemFromResponse';
import type { HubTrial } from '../../remote/tryHub';

/** Longer than the trial of a hub takes. */
const TRIAL_MS = 25_000;
/** Whatever its answer is, it says whether pods can be asked for. */
const PODS = '/api/v1/namespaces/default/pods?limit=1';
const FORBIDDEN = 403;

/**
 * The checks of a cluster that is followed through a hub: what lies beyond the hub only the hub can examine. The trial is a
 * connection beside the one that there is.
 */
export function hubChecks(
  source: Source,
  tryHub: (signal: AbortSignal) => Promise<HubTrial>,
): readonly Check[] {
  return [
    { id: 'hub', needs: [], limitMs: TRIAL_MS, run: async (signal) => findingOfTrial(await tryHub(signal)) },
    { id: 'hubCluster', needs: ['hub'], run: () => Promise.resolve(findingOfState(source)) },
    { id: 'hubReads', needs: ['hub'], run: (signal) => findingOfReads(source, signal) },
  ];
}

function findingOfTrial(trial: HubTrial): Finding {
  if (!trial.ok) {
    return { outcome: 'failed', problem: trial.problem, details: [] };
  }
  const { kind, route, count } = trial;
  const details = [
    `${kind} over ${route.type}, ${kind === 'hub' ? 'clusters' : 'ClusterPersonas'}: ${count}`,
  ];
  return route.problem === undefined
    ? { outcome: 'passed', details }
    : { outcome: 'warning', concern: { type: 'hubDegraded', route }, details };
}

function findingOfState(source: Source): Finding {
  const { state, count } = source.status();
  const details = [`${state.type}, ${count} ClusterPersonas`];
  return 'problem' in state && state.problem !== undefined
    ? { outcome: 'failed', problem: state.problem, details }
    : { outcome: 'passed', details };
}

async function findingOfReads(source: Source, signal: AbortSignal): Promise<Finding> {
  if (!source.hasFetch) {
    return { outcome: 'skipped', reason: { type: 'notServed' }, details: [] };
  }
  const response = await source.fetch()(PODS, { signal });
  if (response.status === 200) {
    for await (const _ of response.body) {
      // Read to its end, as an answer has to be.
    }
    return { outcome: 'passed', details: [] };
  }
  const { problem } = await problemFromResponse(response, signal);
  return response.status === FORBIDDEN
    ? {
        outcome: 'warning',
        concern: { type: 'logsNotAllowed', permissions: ['list pods'] },
        problem,
        details: [],
      }
    : { outcome: 'failed', problem, details: [] };
}
