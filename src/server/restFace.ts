import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Clock } from '../base/clock';
import { GuestHub } from '../hub/guestHub';
import type { Hub } from '../hub/hub';
import { answerRequest } from '../hub/requestHandlers';
import { jsonList } from './jsonList';
import { refuseCommand } from './ownFace';

interface ListQuery {
  readonly source?: unknown;
  readonly since?: unknown;
}

/**
 * What the protocol's requests answer, for whoever has no more than HTTP: `sources.list`, `clusters.list` and `clusters.get` as
 * resources, and each by its name. What goes wrong is thrown as a `ProblemError`.
 */
export function addRestRoutes(app: FastifyInstance, everything: Hub, clock: Clock): void {
  const hubFor = (request: FastifyRequest): GuestHub => new GuestHub(everything, request.visit.guest);
  app.get('/api/v1/sources', async (request, reply) =>
    reply.type('application/json').send(JSON.stringify({ sources: await hubFor(request).statuses() })),
  );
  app.get<{ Querystring: ListQuery }>('/api/v1/clusters', async (request, reply) => {
    const { source, since } = request.query;
    if (typeof source === 'string') {
      everything.status(source);
    }
    const { rows, ...rest } = await hubFor(request).listClusters({
      ...(typeof source === 'string' && { source }),
      ...(typeof since === 'string' && { since }),
    });
    return reply
      .type('application/json')
      .send(jsonList('{"rows":[', rows, `],${JSON.stringify(rest).slice(1)}`, clock));
  });
  app.get<{ Params: { source: string; name: string } }>(
    '/api/v1/clusters/:source/:name',
    async (request, reply) => {
      const { source, name } = request.params;
      // A source that there never was is not one that may come back.
      everything.status(source);
      return reply
        .type('application/json')
        .send(JSON.stringify(await hubFor(request).getCluster({ source, name })));
    },
  );
  app.post<{ Params: { method: string } }>('/api/v1/requests/:method', async (request, reply) => {
    const abort = new AbortController();
    reply.raw.once('close', () => abort.abort());
    const result = await answerRequest(
      {
        hub: hubFor(request),
        logs: undefined,
        runCommand: refuseCommand,
        signal: abort.signal,
        onProgress: () => undefined,
      },
      request.params.method,
      request.body ?? {},
    );
    return reply.type('application/json').send(JSON.stringify(result));
  });
}
