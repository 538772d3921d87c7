import type { KubeFetch } from '../../../src/base/kubeFetch';
import { readText } from '../../../src/base/readBody';
import { CLUSTER_PERSONA } from '../../../src/protocol/clusterPersonaResource';
import { sampleSpec, sampleStatus } from '../../support/samples/samplePersona';
import { openKubeconfig } from './openFetch';

/** A real API server takes some 200 writes at once; a few suffice to keep two cores busy. */
const PARALLEL = 16;
/** Makes an object 5–6 kB long, as those of the demo cluster are. */
const NODES = 8;
const MAX_ANSWER_BYTES = 1024 * 1024;

function personaName(index: number): string {
  return `persona-${String(index).padStart(5, '0')}`;
}

/** Creates personas with a status, many at once. */
export async function fillCluster(kubeconfig: string, personas: number): Promise<void> {
  const connection = await openKubeconfig(kubeconfig);
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < personas) {
      const index = next;
      next += 1;
      await createPersona(connection.fetch, index);
    }
  };
  try {
    await Promise.all(Array.from({ length: PARALLEL }, worker));
  } finally {
    connection.dispose();
  }
}

async function createPersona(fetch: KubeFetch, index: number): Promise<void> {
  const name = personaName(index);
  const notReady = index % 10 === 0 ? 1 : 0;
  await write(fetch, 'POST', CLUSTER_PERSONA.path, 'application/json', {
    apiVersion: `${CLUSTER_PERSONA.group}/${CLUSTER_PERSONA.version}`,
    kind: CLUSTER_PERSONA.kind,
    metadata: { name, labels: { team: `team-${index % 50}` } },
    spec: sampleSpec(`Persona ${index}`),
  });
  const status = sampleStatus({
    phase: notReady > 0 ? 'Degraded' : 'Ready',
    nodes: NODES,
    notReady,
    ingressNamespace: 'ingress-nginx',
  });
  await write(fetch, 'PATCH', `${CLUSTER_PERSONA.path}/${name}/status`, 'application/merge-patch+json', {
    status,
  });
}

async function write(
  fetch: KubeFetch,
  method: 'POST' | 'PATCH',
  path: string,
  contentType: string,
  content: object,
): Promise<void> {
  const response = await fetch(path, {
    method,
    headers: { 'content-type': contentType },
    body: JSON.stringify(content),
  });
  const answer = await readText(response.body, MAX_ANSWER_BYTES);
  if (response.status >= 300) {
    throw new Error(`${method} ${path}: ${response.status} ${answer.slice(0, 300)}`);
  }
}
