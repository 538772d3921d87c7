import { once } from 'node:events';
import { connect } from 'node:net';
import * as v from 'valibot';
import { CLUSTER_PERSONA } from '../../../src/protocol/clusterPersonaResource';
import { serveProgram } from '../method/serveProgram';
import { openWatchesParams } from './demoServerParams';

const EVENT = Buffer.from('{"type":"MODIFIED"');

/** Events that each watcher has been told of. */
const counts: number[] = [];
let broken = 0;

async function open(url: string, resourceVersion: string): Promise<void> {
  const { hostname, port, host } = new URL(url);
  const socket = connect(Number(port), hostname);
  const index = counts.push(0) - 1;
  let rest = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    const bytes = rest.byteLength === 0 ? chunk : Buffer.concat([rest, chunk]);
    let found = 0;
    let after = 0;
    for (let at = bytes.indexOf(EVENT); at >= 0; at = bytes.indexOf(EVENT, after)) {
      found += 1;
      after = at + EVENT.byteLength;
    }
    counts[index] = (counts[index] ?? 0) + found;
    // The beginning of an event may have come alone.
    rest = Buffer.from(bytes.subarray(Math.max(after, bytes.byteLength - EVENT.byteLength + 1)));
  });
  socket.on('close', () => (broken += 1));
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.write(
    `GET ${CLUSTER_PERSONA.path}?watch=true&resourceVersion=${resourceVersion} HTTP/1.1\r\nHost: ${host}\r\n\r\n`,
  );
  await once(socket, 'data');
}

serveProgram({
  open: async (params) => {
    const { url, count, resourceVersion } = v.parse(openWatchesParams, params);
    await Promise.all(Array.from({ length: count }, () => open(url, resourceVersion)));
  },
  /** The least and the most that any watcher has, and how many were cut off. */
  events: () => ({
    fewest: counts.reduce((a, b) => Math.min(a, b), Infinity),
    most: counts.reduce((a, b) => Math.max(a, b), 0),
    broken,
  }),
});
