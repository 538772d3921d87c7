import type { FastifyInstance } from 'fastify';
import type { Socket } from 'node:net';
import * as v from 'valibot';
import type { Clock } from '../base/clock';
import { DisposableStore, type Disposable } from '../base/disposable';
import type { KubeObject } from '../base/kubeObject';
import type { Logger } from '../base/logger';
import type { TimerWheel } from '../base/timerWheel';
import { PERSONA_ACCESS, type Guest } from '../hub/guest';
import type { PersonaChange, Source } from '../hub/source';
import type { ReasonedWebSocket } from '../transport/node/reasonedWebSocket';
import type { Visit } from './auth/doorkeeper';
import { CompatClient } from './compatClient';
import { compatFrame, type CompatEvent } from './compatEvents';
import { apiRoute, NO_BODY, NO_PARAMETERS } from './apiRoute';
import { jsonList } from './jsonList';

export interface CompatFaceOptions {
  /** Absent where there are several clusters and none was named. */
  readonly source: Source | undefined;
  readonly clock: Clock;
  /** Of all connections. */
  readonly timers: TimerWheel;
  readonly logger: Logger;
}

/** How soon it is worth asking again for a cluster that was not read yet, in seconds. */
const RETRY_AFTER_S = '5';

/**
 * The Dorgu platform's own interface, for clients that know nothing else: the personas of one cluster, and what happened to
 * which. What a client is told of is in the list already. Events of one turn of the event loop are serialised and framed once
 * for all clients. What the first list held is told to those alone who came before it was read: the others can read it.
 */
export class CompatFace implements Disposable {
  readonly #options: CompatFaceOptions;
  readonly #owned = new DisposableStore();
  readonly #telling = this.#owned.add(new DisposableStore());
  /** With the number of the first list that each could read when it came. */
  readonly #clients = new Map<CompatClient, number>();
  readonly #onClosed = (closed: CompatClient): void => void this.#clients.delete(closed);
  #events: CompatEvent[] = [];
  /** First lists there were: another one begins when another cluster answers. */
  #firstLists = 1;
  #isForgetting = false;

  constructor(options: CompatFaceOptions) {
    this.#options = options;
    if (options.source !== undefined) {
      this.#owned.add(options.source.onPersonaChanged((change) => this.#changed(change)));
    }
  }

  get clientCount(): number {
    return this.#clients.size;
  }

  /** Names of which clients that are too slow are still to be told. */
  get lateCount(): number {
    let late = 0;
    for (const client of this.#clients.keys()) {
      late += client.late;
    }
    return late;
  }

  get isBound(): boolean {
    return this.#options.source !== undefined;
  }

  /** Rejects with {@link ProblemError} where the guest may not know of the cluster. */
  async admit(guest: Guest): Promise<void> {
    const { source } = this.#options;
    if (source !== undefined) {
      await guest.require(source.id, PERSONA_ACCESS);
    }
  }

  addRoutes(app: FastifyInstance): void {
    const { source, clock } = this.#options;
    const description = {
      query: NO_PARAMETERS,
      body: NO_BODY,
      problems: [NOT_FOUND, UPSTREAM],
      hasPlainProblems: true,
    } as const;
    app.get(
      '/api/clusters',
      apiRoute(
        {
          ...description,
          id: 'compatListClusters',
          summary: 'The personas of one cluster, as the Dorgu platform tells them',
          path: NO_PARAMETERS,
          answer: { description: 'All of them', type: 'application/json', schema: listSchema },
        },
        async ({ request, reply }) => {
          await this.admit(request.visit.guest);
          if (source === undefined) {
            return reply
              .code(NOT_FOUND)
              .type(PLAIN)
              .send('no cluster is served here: name one by --compat-source\n');
          }
          if (!source.hasBeenRead) {
            return reply.code(503).header('retry-after', RETRY_AFTER_S).type(PLAIN).send(NOT_READ);
          }
          return reply
            .type('application/json')
            .send(jsonList('{"clusters":[', documentsOf(source.objects()), ']}', clock));
        },
      ),
    );
    app.get(
      '/api/clusters/:name',
      apiRoute(
        {
          ...description,
          id: 'compatGetCluster',
          summary: 'One persona, as the Dorgu platform tells it',
          path: v.object({ name: v.string() }),
          answer: { description: 'The persona', type: 'application/json', schema: documentSchema },
        },
        async ({ path: { name }, request, reply }) => {
          await this.admit(request.visit.guest);
          const object = source?.object(name);
          if (object !== undefined) {
            return reply.type('application/json').send(JSON.stringify(documentOf(object)));
          }
          return source?.hasBeenRead === false
            ? reply.code(503).header('retry-after', RETRY_AFTER_S).type(PLAIN).send(NOT_READ)
            : reply.code(NOT_FOUND).type(PLAIN).send('cluster not found\n');
        },
      ),
    );
  }

  /** The guest of the visit was admitted. */
  serve(socket: ReasonedWebSocket, connection: Socket, visit: Visit): void {
    const { clock, timers, logger, source } = this.#options;
    const client = new CompatClient({
      socket,
      connection,
      clock,
      timers,
      logger,
      visit,
      source: source?.id,
      onClosed: this.#onClosed,
    });
    this.#clients.set(client, source?.hasBeenRead === true ? this.#firstLists : this.#firstLists - 1);
  }

  /** Ends every connection. */
  closeAll(code: number, reason: string): void {
    for (const client of this.#clients.keys()) {
      client.close(code, reason);
    }
  }

  dispose(): void {
    this.#owned.dispose();
    for (const client of this.#clients.keys()) {
      client.dispose();
    }
  }

  #changed({ type, name, isInitial }: PersonaChange): void {
    const isForgetting = type === 'forgotten';
    if (isForgetting && !this.#isForgetting) {
      this.#tell();
      this.#firstLists += 1;
    }
    this.#isForgetting = isForgetting;
    if (this.#clients.size === 0) {
      return;
    }
    if (this.#events.length === 0) {
      this.#telling.add(this.#options.clock.schedule(0, () => this.#tell()));
    }
    // Of what is forgotten nobody knows whether it is still there; what is, is told as added right after.
    this.#events.push({ name, type: isForgetting ? 'deleted' : type, isInitial: isInitial === true });
  }

  #tell(): void {
    this.#telling.clear();
    const all = framed(this.#events);
    const news = this.#events.some(({ isInitial }) => isInitial)
      ? framed(this.#events.filter(({ isInitial }) => !isInitial))
      : all;
    this.#events = [];
    for (const [client, known] of this.#clients) {
      const told = known < this.#firstLists ? all : news;
      if (told.events.length > 0) {
        client.tell(told.frames, told.events);
      }
    }
  }
}

const PLAIN = 'text/plain; charset=utf-8';
const NOT_READ = 'the cluster has not been read yet\n';

/** Events, and the same as frames, made once for all. */
function framed(events: readonly CompatEvent[]) {
  return { events, frames: Buffer.concat(events.map(({ name, type }) => compatFrame(name, type))) };
}

const NOT_FOUND = 404;
const UPSTREAM = 502;

const documentSchema = v.object({
  name: v.string(),
  spec: v.looseObject({}),
  status: v.looseObject({}),
});
const listSchema = v.object({ clusters: v.array(documentSchema) });

function documentOf({ metadata, spec, status }: KubeObject): object {
  return { name: metadata.name, spec: spec ?? {}, status: status ?? {} };
}

function* documentsOf(objects: readonly KubeObject[]): Generator<object> {
  for (const object of objects) {
    yield documentOf(object);
  }
}
