import { QueryObserver } from '@tanstack/react-query';
import { MessagePort, parentPort, workerData } from 'node:worker_threads';
import * as v from 'valibot';
import { systemClock } from '../../../src/base/clock';
import { queryKeys } from '../../../src/protocol/queryKeys';
import { clusterTopic } from '../../../src/protocol/topics';
import { HubClient } from '../../../src/client/hubClient';
import { VsCodeChannel, type MessageTarget } from '../../../webview/bridge/editor/vsCodeChannel';
import { createConnection } from '../../../webview/realtime/connection';
import { fetchCluster } from '../../../webview/realtime/useCluster';
import { instantMs } from '../method/instant';
import { sequenceOf } from '../host/sequence';
import type { Sighting } from '../host/sighting';

/** A view as a webview has it, in a thread of its own: the production client, invalidation and query cache. */

const { port, source, name, isToldOfAll } = v.parse(
  v.object({
    port: v.instance(MessagePort),
    source: v.string(),
    name: v.string(),
    isToldOfAll: v.boolean(),
  }),
  workerData,
);

const rethrow = (error: unknown): void => {
  throw error;
};

/** The port in the place of the webview's window. */
const target: MessageTarget = {
  addEventListener: (_, listener) => {
    port.on('message', (data: string) => listener({ data: JSON.parse(data) }));
  },
  removeEventListener: () => port.close(),
};
const channel = new VsCodeChannel(
  { postMessage: (message) => port.postMessage(JSON.stringify(message)) },
  target,
  rethrow,
);
const client = new HubClient(channel, systemClock, rethrow);
const { queryClient } = createConnection(client, systemClock, {
  isVisible: () => true,
  onChange: () => ({ dispose() {} }),
});

let sightings: Sighting[] = [];
client.subscribe([
  isToldOfAll ? clusterTopic(source, name).replace(/\.[^.]*$/, '.*') : clusterTopic(source, name),
]);
const observer = new QueryObserver(queryClient, {
  queryKey: queryKeys.cluster(source, name),
  queryFn: ({ signal }) => fetchCluster(client, source, name, signal),
});
let isShown = false;
observer.subscribe(({ data }) => {
  if (data?.type !== 'found') {
    return;
  }
  if (!isShown) {
    isShown = true;
    parentPort?.postMessage({ shown: true });
  }
  const sequence = sequenceOf(data.object);
  if (sequence !== undefined && sequence !== sightings.at(-1)?.sequence) {
    sightings.push({ sequence, atMs: instantMs() });
  }
});
parentPort?.on('message', () => {
  parentPort?.postMessage({ sightings });
  sightings = [];
});
client.connect();
