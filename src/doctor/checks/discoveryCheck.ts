import * as v from 'valibot';
import { readText } from '../../base/readBody';
import { errorFromResponse } from '../../informer/kubeStatusError';
import { CLUSTER_PERSONA } from '../../protocol/clusterPersonaResource';
import { decode } from '../../protocol/messages';
import { ProblemError } from '../../protocol/problem';
import type { ApiCheckOptions } from '../apiCheckOptions';
import type { Finding } from '../diagnosis';
import type { Check } from '../examine';

const PATH = `/apis/${CLUSTER_PERSONA.group}/${CLUSTER_PERSONA.version}`;
const MAX_BODY_BYTES = 1024 * 1024;
const VERBS_NEEDED = ['list', 'watch'];

const resourcesSchema = v.object({
  resources: v.array(v.object({ name: v.string(), verbs: v.optional(v.array(v.string()), []) })),
});

/** Whether the server knows ClusterPersonas, and serves what following them takes. */
export function discoveryCheck({ fetch }: ApiCheckOptions): Check {
  return {
    id: 'discovery',
    needs: ['version'],
    run: async (signal): Promise<Finding> => {
      const response = await fetch(PATH, { headers: { accept: 'application/json' }, signal });
      if (response.status !== 200) {
        const { problem } = await errorFromResponse(response, signal);
        return problem.code === 'forbidden'
          ? { outcome: 'warning', concern: { type: 'notTold' }, problem, details: [] }
          : { outcome: 'failed', problem, details: [] };
      }
      const resources = parseResources(await readText(response.body, MAX_BODY_BYTES));
      const found = resources.find(({ name }) => name === CLUSTER_PERSONA.plural);
      if (found === undefined) {
        const detail = `${PATH} is served without ${CLUSTER_PERSONA.plural}`;
        return { outcome: 'failed', problem: { code: 'notInstalled', detail }, details: [] };
      }
      const details = [`${CLUSTER_PERSONA.crdName} ${CLUSTER_PERSONA.version}: ${found.verbs.join(', ')}`];
      const verbs = VERBS_NEEDED.filter((verb) => !found.verbs.includes(verb));
      return verbs.length === 0
        ? { outcome: 'passed', details }
        : { outcome: 'warning', concern: { type: 'verbsMissing', verbs }, details };
    },
  };
}

function parseResources(body: string) {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    parsed = undefined;
  }
  const decoded = decode(resourcesSchema, parsed);
  if (!decoded.ok) {
    throw new ProblemError({ code: 'malformed', detail: `${PATH} is not a list of resources` });
  }
  return decoded.value.resources;
}
