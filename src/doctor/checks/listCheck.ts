import { errorFromResponse } from '../../informer/kubeStatusError';
import { readListBody } from '../../informer/listBody';
import { withQuery } from '../../informer/timedRequest';
import { TimeSlice } from '../../informer/timeSlice';
import { CLUSTER_PERSONA } from '../../protocol/clusterPersonaResource';
import type { ApiCheckOptions, ApiFindings } from '../apiCheckOptions';
import type { Check } from '../examine';

/** Whether ClusterPersonas can be listed: a list of one, which comes from storage. */
export function listCheck({ fetch, clock }: ApiCheckOptions, found: ApiFindings): Check {
  return {
    id: 'list',
    needs: ['discovery'],
    run: async (signal) => {
      const response = await fetch(withQuery(CLUSTER_PERSONA.path, { limit: '1', pretty: 'false' }), {
        headers: { accept: 'application/json' },
        signal,
      });
      if (response.status !== 200) {
        throw await errorFromResponse(response, signal);
      }
      const page = await readListBody(response.body, new TimeSlice(clock), signal);
      found.resourceVersion = page.resourceVersion;
      const isPart = page.continueToken !== undefined;
      const count = page.items.length + (page.remainingItemCount ?? 0);
      return {
        outcome: 'passed',
        details: [
          isPart && page.remainingItemCount === undefined
            ? 'More than one ClusterPersona'
            : `ClusterPersonas: ${count}`,
          `resourceVersion ${page.resourceVersion}`,
        ],
      };
    },
  };
}
