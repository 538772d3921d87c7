import { createServer, type ServerResponse } from 'node:http';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as v from 'valibot';
import { WebSocketServer, type WebSocket } from 'ws';
import { systemClock } from '../../../src/base/clock';
import { Emitter } from '../../../src/base/emitter';
import type { KubeFetch } from '../../../src/base/kubeFetch';
import { nullLogger } from '../../../src/base/logger';
import { systemRandom } from '../../../src/base/random';
import { Hub } from '../../../src/hub/hub';
import { DEFAULT_HUB_SETTINGS, fixedSettings } from '../../../src/hub/hubSettings';
import { LogStreams } from '../../../src/hub/logs/logStreams';
import { Session } from '../../../src/hub/session';
import { WorkerScanner } from '../../../src/node/workerScanner';
import type { Channel } from '../../../src/protocol/channel';
import type { LogSelection } from '../../../src/protocol/logView';
import type { ServerMessage } from '../../../src/protocol/messages';
import { openKubeconfig } from '../clusters/openFetch';
import { serveProgram } from '../method/serveProgram';
import { FLOOD, FLOOD_NUMBER, openFloodParams } from './floodParams';
import { LINES, POD } from './logsParams';

/** The extension host's part, as src/extension wires it, and a server of pages in the place of VS Code. */

const SOURCE = 'bench';
/** What the control shows: as many lines as fit. */
const CONTROL_ROWS = 40;
const TAIL_BYTES = 220;

const hub = new Hub({
  clock: systemClock,
  random: systemRandom,
  logger: nullLogger,
  logScanner: new WorkerScanner(systemClock),
  settings: fixedSettings({
    ...DEFAULT_HUB_SETTINGS,
    logs: { ...DEFAULT_HUB_SETTINGS.logs, keptMs: 3_600_000, keptBytes: 1e9, totalBytes: 4e9 },
  }),
});

let newest: [number, number][] = [];
let last = -1;
let followed = 0;

/** The connection's own, which notes when the newest line of all was received. */
function metered(fetch: KubeFetch): KubeFetch {
  return async (path, request) => {
    if (!path.includes('/log?')) {
      return fetch(path, request);
    }
    // From when it is asked for: an API server answers with the first line.
    followed += 1;
    try {
      const response = await fetch(path, request);
      return { ...response, header: (name) => response.header(name), body: noted(response.body) };
    } catch (error) {
      followed -= 1;
      throw error;
    }
  };
}

async function* noted(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, void> {
  try {
    for await (const chunk of body) {
      const atMs = performance.timeOrigin + performance.now();
      const tail = Buffer.from(chunk.subarray(-TAIL_BYTES)).toString('latin1');
      const number = Number(FLOOD_NUMBER.exec(tail.slice(tail.lastIndexOf(' n=')))?.[1] ?? -1);
      if (number > last) {
        last = number;
        newest.push([number, atMs]);
      }
      yield chunk;
    }
  } finally {
    followed -= 1;
  }
}

const selections: Readonly<Record<string, LogSelection>> = {
  flood: { type: 'namespace', namespace: FLOOD.namespace },
  million: { type: 'pod', namespace: POD.namespace, pod: POD.pod },
};

class SocketChannel implements Channel<ServerMessage> {
  readonly #socket: WebSocket;
  readonly #message = new Emitter<unknown>(rethrow);
  readonly #close = new Emitter<void>(rethrow);

  constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data: Buffer) => this.#message.fire(JSON.parse(data.toString())));
    socket.on('close', () => this.#close.fire());
  }

  get onMessage() {
    return this.#message.event;
  }

  get onClose() {
    return this.#close.event;
  }

  send(message: ServerMessage): void {
    this.#socket.send(JSON.stringify(message));
  }

  dispose(): void {
    this.#socket.close();
  }
}

function rethrow(error: unknown): void {
  throw error;
}

function serveView(socket: WebSocket, what: string): void {
  const selection = selections[what];
  if (selection === undefined) {
    serveControl(socket);
    return;
  }
  const session = new Session({
    hub,
    channel: new SocketChannel(socket),
    clock: systemClock,
    random: systemRandom,
    logger: nullLogger,
    hello: () => ({
      view: { type: 'logs', source: SOURCE, name: '', addon: '', namespace: '', selection },
      language: 'en',
      texts: {},
    }),
    runCommand: () => Promise.resolve(),
    logTailLines: () => (what === 'million' ? LINES : 0),
  });
  session.setVisible(true);
}

/** The same logs are taken in, and their end is sent as it is: what is shown of it is one text. */
function serveControl(socket: WebSocket): void {
  let view: string | undefined;
  const logs: LogStreams = new LogStreams({
    hub,
    clock: systemClock,
    random: systemRandom,
    logger: nullLogger,
    tailLines: () => 0,
    onAppended: () => {
      if (view !== undefined && socket.readyState === socket.OPEN) {
        void sendEnd(view);
      }
    },
  });
  const sendEnd = async (id: string): Promise<void> => {
    const { rows } = await logs.readView({ view: id, at: { type: 'end' }, count: CONTROL_ROWS });
    socket.send(JSON.stringify({ text: rows.map(({ text }) => text).join('\n') }));
  };
  view = logs.openView({ source: SOURCE, selection: { type: 'namespace', namespace: FLOOD.namespace } });
  socket.on('close', () => logs.dispose());
}

const PAGES: Readonly<Record<string, string>> = {
  '/panel': '<div id="root"></div><script src="/floodPage.js"></script><script src="/logs.js"></script>',
  '/control': '<pre></pre><script src="/floodPage.js"></script>',
};

async function open(params: unknown): Promise<string> {
  const { kubeconfig, webviews } = v.parse(openFloodParams, params);
  const source = hub.addSource({
    id: SOURCE,
    kind: 'kubeconfig',
    label: SOURCE,
    open: async () => {
      const connection = await openKubeconfig(kubeconfig);
      return { fetch: metered(connection.fetch), dispose: () => connection.dispose() };
    },
  });
  const live = new Promise<void>((resolve) => {
    source.onStateChanged(({ type }) => type === 'live' && resolve());
  });
  source.connect();
  await live;
  const server = createServer((request, response) => {
    void answer(new URL(request.url ?? '', 'http://page').pathname, webviews, response);
  });
  const sockets = new WebSocketServer({ server, perMessageDeflate: false });
  sockets.on('connection', (socket, request) => serveView(socket, request.url?.split('?')[1] ?? ''));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' ? (address?.port ?? 0) : 0}`;
}

async function answer(path: string, webviews: string, response: ServerResponse): Promise<void> {
  const page = PAGES[path];
  if (page !== undefined) {
    response.setHeader('content-type', 'text/html');
    response.end(`<!doctype html><link rel="stylesheet" href="/logs.css"><body class="vscode-dark">${page}`);
    return;
  }
  try {
    const data = await readFile(join(webviews, path));
    response.setHeader('content-type', path.endsWith('.css') ? 'text/css' : 'text/javascript');
    response.end(data);
  } catch {
    response.statusCode = 404;
    response.end();
  }
}

serveProgram({
  open,
  followed: () => followed,
  /** What was received since it was asked last. */
  received: () => {
    const taken = newest;
    newest = [];
    return taken;
  },
});
