import { systemClock } from '../../../src/base/clock';
import type { KubeFetch } from '../../../src/base/kubeFetch';
import { createDemoCluster } from '../../../src/demo/demoCluster';
import { startDemoHttpServer } from '../../../src/demoServer/demoHttpServer';
import { serveProgram } from '../method/serveProgram';
import { benchLines } from './benchLines';
import { POD } from './logsParams';

/** The demo cluster's server, with one log more that is long: made before, so that making it is not what is measured. */

const PATH = `/api/v1/namespaces/${POD.namespace}/pods/${POD.pod}/log`;
const POD_PATH = PATH.replace(/\/log$/, '');

const object = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: POD.pod, namespace: POD.namespace, uid: 'loud' },
  spec: { containers: [{ name: POD.container, image: 'loud' }] },
  status: { phase: 'Running' },
};

async function serve(): Promise<string> {
  const pieces = [...benchLines((time, text) => `${time} ${text}`)];
  const demo = createDemoCluster({ clock: systemClock, seed: 4 });
  const fetch: KubeFetch = async (path, request) => {
    const url = new URL(path, 'http://demo');
    if (url.pathname !== PATH && url.pathname !== POD_PATH) {
      return demo.fetch(path, request);
    }
    const isLog = url.pathname === PATH;
    const type = isLog ? 'text/plain' : 'application/json';
    const body = isLog ? log(pieces, url.searchParams.has('follow'), request?.signal) : json();
    return {
      status: 200,
      header: (name) => (name.toLowerCase() === 'content-type' ? type : undefined),
      body,
    };
  };
  return (await startDemoHttpServer({ fetch })).url;
}

async function* json(): AsyncGenerator<Uint8Array, void, void> {
  yield Buffer.from(JSON.stringify(object));
}

async function* log(
  pieces: readonly Buffer[],
  follows: boolean,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array, void, void> {
  yield* pieces;
  if (follows && signal?.aborted === false) {
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  }
}

serveProgram({ serve });
