import * as v from 'valibot';
import { readText } from '../../../src/base/readBody';
import { CLUSTER_PERSONA } from '../../../src/protocol/clusterPersonaResource';
import { openKubeconfig } from './openFetch';

const listSchema = v.object({
  items: v.array(v.object({ metadata: v.object({ name: v.string(), resourceVersion: v.string() }) })),
});
const MAX_BYTES = 1024 * 1024 * 1024;

/** What the cluster holds right now: each persona's resourceVersion by name. */
export async function resourceVersionsIn(kubeconfig: string): Promise<Record<string, string>> {
  const connection = await openKubeconfig(kubeconfig);
  try {
    const response = await connection.fetch(`${CLUSTER_PERSONA.path}?pretty=false`);
    const list: unknown = JSON.parse(await readText(response.body, MAX_BYTES));
    return Object.fromEntries(
      v.parse(listSchema, list).items.map(({ metadata }) => [metadata.name, metadata.resourceVersion]),
    );
  } finally {
    connection.dispose();
  }
}
