import * as v from 'valibot';
import { isRecord } from '../../../src/base/jsonRecord';
import type { KubeFetch } from '../../../src/base/kubeFetch';
import { readLines, readText } from '../../../src/base/readBody';
import { CLUSTER_PERSONA } from '../../../src/protocol/clusterPersonaResource';
import { openKubeconfig } from '../clusters/openFetch';

const MAX_CHARS = 64 * 1024 * 1024;

/**
 * Tells of every event of a watch from now on: each line parsed, nothing kept. Resolves once the watch is open; where it ends,
 * so does this process.
 */
export async function followBare(
  kubeconfig: string,
  onEvent: (event: Readonly<Record<string, unknown>>) => void,
): Promise<void> {
  const { fetch } = await openKubeconfig(kubeconfig);
  const version = await newestVersion(fetch);
  const path = `${CLUSTER_PERSONA.path}?watch=1&resourceVersion=${version}&pretty=false`;
  const response = await fetch(path);
  if (response.status !== 200) {
    throw new Error(`the watch was answered with ${response.status}`);
  }
  void read(response.body, onEvent);
}

async function read(
  body: AsyncIterable<Uint8Array>,
  onEvent: (event: Readonly<Record<string, unknown>>) => void,
): Promise<void> {
  for await (const { lines } of readLines(body, MAX_CHARS)) {
    for (const line of lines) {
      const event: unknown = JSON.parse(line);
      onEvent(isRecord(event) ? event : {});
    }
  }
  throw new Error('the watch ended');
}

async function newestVersion(fetch: KubeFetch): Promise<string> {
  const response = await fetch(`${CLUSTER_PERSONA.path}?limit=1&pretty=false`);
  const list: unknown = JSON.parse(await readText(response.body, MAX_CHARS));
  return v.parse(v.object({ metadata: v.object({ resourceVersion: v.string() }) }), list).metadata
    .resourceVersion;
}
