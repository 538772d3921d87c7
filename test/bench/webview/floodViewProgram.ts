import { MessagePort, parentPort, workerData } from 'node:worker_threads';
import * as v from 'valibot';
import { systemClock } from '../../../src/base/clock';
import { HubClient } from '../../../src/client/hubClient';
import { VsCodeChannel } from '../../../webview/bridge/editor/vsCodeChannel';

/** A slow view in a thread of its own, behind the production client: it is busy for a while with each frame. */

const { port, busyMs } = v.parse(v.object({ port: v.instance(MessagePort), busyMs: v.number() }), workerData);

const rethrow = (error: unknown): void => {
  throw error;
};
const channel = new VsCodeChannel(
  { postMessage: (message) => port.postMessage(JSON.stringify(message)) },
  {
    addEventListener: (_, listener) => {
      port.on('message', (data: string) => listener({ data: JSON.parse(data) }));
    },
    removeEventListener: () => port.close(),
  },
  rethrow,
);
const client = new HubClient(channel, systemClock, rethrow);
/** Nothing ever wakes who waits for it: it is a way to be busy without taking time from others. */
const never = new Int32Array(new SharedArrayBuffer(4));
const known = new Map<string, string>();
const lastAt = new Map<string, number>();
let frames = 0;
let streamEvents = 0;
let outOfOrder = 0;
let recovered = 0;

client.onEvents((events) => {
  frames += 1;
  for (const { type, topic, cursor, data } of events) {
    if (type === 'alert.raised') {
      const number = Number(data.name);
      streamEvents += 1;
      outOfOrder += Number(number <= (lastAt.get(topic) ?? -1));
      lastAt.set(topic, number);
    } else {
      known.set(topic, cursor);
    }
  }
  Atomics.wait(never, 0, 0, busyMs);
});
client.onRecovered(() => {
  recovered += 1;
});
client.subscribe(['**']);
client.onStateChange(({ type }) => {
  if (type === 'open') {
    parentPort?.postMessage({ open: true });
  }
});
parentPort?.on('message', () => {
  parentPort?.postMessage({ seen: { frames, known: [...known], streamEvents, outOfOrder, recovered } });
});
client.connect();
