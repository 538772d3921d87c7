import { once } from 'node:events';
import type { Socket } from 'node:net';
import * as v from 'valibot';
import { WebSocketServer } from 'ws';
import { textFrame } from '../../../src/transport/node/textFrame';
import { followBare } from '../host/followBare';
import { isRecord } from '../../../src/base/jsonRecord';
import { memoryAfterCollection } from '../method/memory';
import { serveProgram } from '../method/serveProgram';
import { serveParams } from './fanoutParams';
import { ServerMeter } from './serverMeter';

/** The least that can be done: each event of a watch is serialised and framed once, and written to every socket. */

const meter = new ServerMeter();
const connections = new Set<Socket>();

const TYPES: Readonly<Record<string, string>> = {
  ADDED: 'cluster.added',
  MODIFIED: 'cluster.updated',
  DELETED: 'cluster.deleted',
};

async function start(params: unknown): Promise<string> {
  const { kubeconfig } = v.parse(serveParams, params);
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });
  server.on('connection', (socket, { socket: connection }) => {
    connections.add(connection);
    socket.on('close', () => connections.delete(connection));
    socket.on('error', () => undefined);
  });
  await once(server, 'listening');
  await followBare(kubeconfig, (event) => {
    const { type: kind = '', object } = event;
    const metadata = isRecord(object) ? object['metadata'] : undefined;
    const name = isRecord(metadata) ? metadata['name'] : undefined;
    const type = TYPES[String(kind)];
    if (type !== undefined) {
      const frame = textFrame(JSON.stringify({ type, data: { name } }));
      for (const connection of connections) {
        connection.write(frame);
      }
    }
  });
  const address = server.address();
  if (address === null || typeof address === 'string') {
    throw new TypeError('a server on loopback has a port');
  }
  return `http://127.0.0.1:${address.port}`;
}

serveProgram({
  start,
  begin: () => meter.begin(),
  end: () => meter.end(),
  memory: () => memoryAfterCollection(),
});
