import { appendFileSync } from 'node:fs';
import * as v from 'valibot';
import { systemClock } from '../../../src/base/clock';
import type { KubeFetch } from '../../../src/base/kubeFetch';
import { createDemoCluster } from '../../../src/demo/demoCluster';
import { startDemoHttpServer } from '../../../src/demoServer/demoHttpServer';
import { LoggedPods } from '../../support/loggedPods';
import { serveProgram } from '../method/serveProgram';
import { benchLines, piecesSince } from './benchLines';
import { FLOOD, floodPod } from './floodParams';
import { FloodWriter } from './floodWriter';
import { POD } from './logsParams';

/** Pods that write as fast as they are told: of the demo cluster's server, which is here, or of a node's files. */

/** As kubectl asks for it. */
const POD_OBJECT = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: POD.pod, namespace: POD.namespace, uid: 'loud' },
  spec: { containers: [{ name: POD.container, image: 'loud' }] },
  status: { phase: 'Running' },
};

let writer: FloodWriter | undefined;
const podNames = Array.from({ length: FLOOD.pods }, (_, index) => floodPod(index));

async function serve(): Promise<string> {
  const demo = createDemoCluster({ clock: systemClock, seed: 4 });
  const { namespace, pod } = POD;
  const long = new LoggedPods({ namespace, pods: [pod], otherwise: demo.fetch });
  const loud = new LoggedPods({ namespace: FLOOD.namespace, pods: podNames, otherwise: long.fetch });
  const pieces = [...benchLines((time, text) => `${time} ${text}`)];
  const podPath = `/api/v1/namespaces/${namespace}/pods/${pod}`;
  const fetch: KubeFetch = async (path, request) => {
    const { pathname, searchParams } = new URL(path, 'http://demo');
    const answer = (type: string, body: AsyncIterable<Uint8Array>) => ({
      status: 200,
      header: (name: string) => (name.toLowerCase() === 'content-type' ? type : undefined),
      body,
    });
    switch (pathname) {
      case podPath:
        return answer('application/json', json(POD_OBJECT));
      case `${podPath}/log`:
        return answer(
          'text/plain',
          wholeLog(
            piecesSince(pieces, searchParams.get('sinceTime')),
            searchParams.has('follow') ? request?.signal : undefined,
          ),
        );
      default:
        return loud.fetch(path, request);
    }
  };
  writer = new FloodWriter((index, lines) => {
    const container = `${floodPod(index)}/app`;
    loud.logs.write(container, ...lines);
    // Whoever follows has them, and nobody comes later.
    loud.logs.rotate(container, 0);
  });
  return (await startDemoHttpServer({ fetch })).url;
}

async function* json(object: object): AsyncGenerator<Uint8Array, void, void> {
  yield Buffer.from(JSON.stringify(object));
}

async function* wholeLog(
  pieces: readonly Buffer[],
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array, void, void> {
  yield* pieces;
  if (signal?.aborted === false) {
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  }
}

serveProgram({
  serve,
  /** The files of the pods' logs, in their order. */
  useFiles: (params) => {
    const files = v.parse(v.array(v.string()), params);
    writer = new FloodWriter((pod, lines) => {
      const text = lines.map((line) => `${line.time} stdout F ${line.text}\n`).join('');
      appendFileSync(files[pod] ?? '', text);
    });
  },
  /** Writes for so many milliseconds; answers how many lines there are by then. */
  write: (params) => writer?.run(v.parse(v.number(), params)),
});
