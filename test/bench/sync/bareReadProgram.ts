import type { KubeFetch } from '../../../src/base/kubeFetch';
import * as v from 'valibot';
import { CLUSTER_PERSONA } from '../../../src/protocol/clusterPersonaResource';
import { openKubeconfig } from '../clusters/openFetch';
import { serveSync } from './serveSync';

const PAGE_LIMIT = 500;

const pageSchema = v.object({
  metadata: v.object({ continue: v.optional(v.string(), '') }),
  items: v.array(v.unknown()),
});

/** The least that can be done: page by page over the same transport, each page parsed at once, the objects kept. */
serveSync(async (kubeconfig) => {
  const { fetch } = await openKubeconfig(kubeconfig);
  const objects: unknown[] = [];
  return async () => {
    let jsonBytes = 0;
    let continueToken = '';
    do {
      const page = await readPage(fetch, continueToken);
      for (const item of page.items) {
        objects.push(item);
      }
      jsonBytes += page.bytes;
      continueToken = page.continueToken;
    } while (continueToken !== '');
    return { objects: objects.length, jsonBytes };
  };
});

async function readPage(fetch: KubeFetch, continueToken: string) {
  const following = continueToken === '' ? '' : `&continue=${encodeURIComponent(continueToken)}`;
  const path = `${CLUSTER_PERSONA.path}?limit=${PAGE_LIMIT}${following}&pretty=false`;
  const response = await fetch(path);
  const chunks: Uint8Array[] = [];
  for await (const chunk of response.body) {
    chunks.push(chunk);
  }
  const text = Buffer.concat(chunks).toString('utf8');
  const { items, metadata } = v.parse(pageSchema, JSON.parse(text));
  return { items, continueToken: metadata.continue, bytes: Buffer.byteLength(text) };
}
