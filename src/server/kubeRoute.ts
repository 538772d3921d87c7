import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import * as v from 'valibot';
import { GuestHub } from '../hub/guestHub';
import type { Hub } from '../hub/hub';
import { openRelayed, type Relayed } from '../hub/relay/openRelayed';
import { relayedRead } from '../kube/relayedRead';
import { ProblemError } from '../protocol/problem';
import { apiRoute, NO_BODY } from './apiRoute';
import { maySayNothing } from './silentAnswer';

const NOT_FOUND = 404;
/** What the cluster behind the hub did, or did not. */
const UPSTREAM = 502;

/** What a hub hands on of a cluster itself, as a stream, for whoever has no connection. */
export function addKubeRoute(app: FastifyInstance, hub: Hub): void {
  const route = apiRoute(
    {
      id: 'readCluster',
      summary: 'What a cluster answers to a GET: of pods, their logs and what nodes use alone',
      path: v.object({ source: v.string() }),
      query: v.object({ path: v.pipe(v.string(), v.description('of the Kubernetes API, with its query')) }),
      body: NO_BODY,
      answer: {
        description: 'A line of JSON with the status that the cluster answered with, then what it said',
        type: 'text/plain',
      },
      problems: [NOT_FOUND, UPSTREAM],
    },
    async ({ path: { source }, query: { path }, request, reply }) => {
      // A source that there never was is not one that may come back.
      hub.status(source);
      const abort = new AbortController();
      const { guest, credential } = request.visit;
      const ended = credential?.onEnded(({ reason }) =>
        abort.abort(new ProblemError({ code: 'closed', detail: reason })),
      );
      reply.raw.once('close', () => {
        ended?.dispose();
        abort.abort();
      });
      if (relayedRead(path)?.isEndless === true) {
        maySayNothing(reply.raw);
      }
      const relayed = await openRelayed(new GuestHub(hub, guest), { source, path }, abort.signal);
      return reply.type('text/plain; charset=utf-8').send(Readable.from(withHead(relayed)));
    },
  );
  // It may be endless.
  app.get('/api/v1/sources/:source/kube', { ...route, exposeHeadRoute: false });
}

/** What the cluster answered, in a line before what it said: a client knows at once that it answered. */
async function* withHead({ status, retryAfter, texts }: Relayed): AsyncGenerator<string, void, void> {
  yield `${JSON.stringify({ status, ...(retryAfter === undefined ? {} : { retryAfter }) })}\n`;
  yield* texts;
}
