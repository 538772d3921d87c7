import type { FastifyInstance } from 'fastify';
import type { Clock } from '../base/clock';
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
export function addRestRoutes(app: FastifyInstance, hub: Hub, clock: Clock): void {
  app.get('/api/v1/sources', (_, reply) =>
    reply.type('application/json').send(JSON.stringify({ sources: hub.statuses() })),
  );
  app.get<{ Querystring: ListQuery }>('/api/v1/clusters', (request, reply) => {
    const { source, since } = request.query;
    if (typeof source === 'string') {
      hub.status(source);
    }
    const { rows, ...rest } = hub.listClusters({
      ...(typeof source === 'string' && { source }),
      ...(typeof since === 'string' && { since }),
    });
    return reply
      .type('application/json')
      .send(jsonList('{"rows":[', rows, `],${JSON.stringify(rest).slice(1)}`, clock));
  });
  app.get<{ Params: { source: string; name: string } }>(
    '/api/v1/clusters/:source/:name',
    (request, reply) => {
      const { source, name } = request.params;
      // A source that there never was is not one that may come back.
      hub.status(source);
      return reply.type('application/json').send(JSON.stringify(hub.getCluster({ source, name })));
    },
  );
  app.post<{ Params: { method: string } }>('/api/v1/requests/:method', async (request, reply) => {
    const abort = new AbortController();
    reply.raw.once('close', () => abort.abort());
    const result = await answerRequest(
      { hub, logs: undefined, runCommand: refuseCommand, signal: abort.signal, onProgress: () => undefined },
      request.params.method,
      request.body ?? {},
    );
    return reply.type('application/json').send(JSON.stringify(result));
  });
}
