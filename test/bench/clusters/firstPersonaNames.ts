import * as v from 'valibot';
import { readText } from '../../../src/base/readBody';
import { CLUSTER_PERSONA } from '../../../src/protocol/clusterPersonaResource';
import { openKubeconfig } from './openFetch';

const listSchema = v.object({ items: v.array(v.object({ metadata: v.object({ name: v.string() }) })) });
const MAX_BYTES = 64 * 1024 * 1024;

/** Names of personas that the cluster has: the first ones by name. */
export async function firstPersonaNames(kubeconfig: string, count: number): Promise<string[]> {
  const connection = await openKubeconfig(kubeconfig);
  try {
    const response = await connection.fetch(`${CLUSTER_PERSONA.path}?limit=${count}`);
    const list: unknown = JSON.parse(await readText(response.body, MAX_BYTES));
    return v.parse(listSchema, list).items.map(({ metadata }) => metadata.name);
  } finally {
    connection.dispose();
  }
}
