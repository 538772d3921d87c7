import type { FastifyInstance, FastifyRequest } from 'fastify';
import * as v from 'valibot';
import type { Clock } from '../base/clock';
import { GuestHub } from '../hub/guestHub';
import type { Hub } from '../hub/hub';
import { answerRequest } from '../hub/requestHandlers';
import { ProblemError } from '../protocol/problem';
import { REQUESTS } from '../protocol/requests';
import { environmentSchema, healthSchema, personaKeySchema, phaseSchema } from '../protocol/summaryRow';
import { apiRoute, listOf, NO_BODY, NO_PARAMETERS } from './apiRoute';
import type { HubCommands } from './hubCommands';
import { jsonList } from './jsonList';
import { addKubeRoute } from './kubeRoute';

export interface RestFaceOptions {
  readonly hub: Hub;
  readonly commands: HubCommands;
  readonly clock: Clock;
}

const NOT_FOUND = 404;
/** A stream that the hub does not have over HTTP. */
const UNSUPPORTED = 501;
/** What the cluster behind the hub did, or did not. */
const UPSTREAM = 502;

const sinceParameter = v.pipe(
  v.string(),
  v.description('the version of an earlier answer: only what changed'),
);
const minVersionParameter = v.pipe(
  v.string(),
  v.description('the cursor of an event: the answer is not older, be the event of this hub or another one'),
);

const listQuery = v.object({
  source: v.exactOptional(listOf(v.pipe(v.string(), v.description('the id of a cluster')))),
  since: v.exactOptional(sinceParameter),
  minVersion: v.exactOptional(minVersionParameter),
  environment: v.exactOptional(listOf(environmentSchema)),
  phase: v.exactOptional(listOf(phaseSchema)),
  health: v.exactOptional(listOf(healthSchema)),
  name: v.exactOptional(v.pipe(v.string(), v.description('a part of the name'))),
});

/**
 * What the protocol's requests answer, for whoever has no more than HTTP: `sources.list`, `clusters.list` and `clusters.get` as
 * resources, and each by its name. What goes wrong is thrown as a `ProblemError`.
 */
export function addRestRoutes(
  app: FastifyInstance,
  { hub: everything, commands, clock }: RestFaceOptions,
): void {
  const hubFor = (request: FastifyRequest): GuestHub => new GuestHub(everything, request.visit.guest);
  app.get(
    '/api/v1/sources',
    apiRoute(
      {
        id: 'listSources',
        summary: 'Each cluster with its state',
        path: NO_PARAMETERS,
        query: NO_PARAMETERS,
        body: NO_BODY,
        answer: jsonOf('The clusters', REQUESTS['sources.list'].result),
      },
      async ({ request, reply }) =>
        reply
          .type('application/json')
          .send(JSON.stringify({ sources: await hubFor(request).statuses(), hub: everything.instance })),
    ),
  );
  app.get(
    '/api/v1/clusters',
    apiRoute(
      {
        id: 'listClusters',
        summary: 'ClusterPersonas, of all clusters or of some, or what changed of them',
        path: NO_PARAMETERS,
        query: listQuery,
        body: NO_BODY,
        answer: jsonOf('The rows, and what left', REQUESTS['clusters.list'].result),
        problems: [NOT_FOUND, UPSTREAM],
      },
      async ({ query: { source, since, minVersion, ...filter }, request, reply }) => {
        source?.forEach((id) => everything.status(id));
        const { rows, ...rest } = await hubFor(request).listClusters({
          ...(source === undefined ? {} : { source }),
          ...(since === undefined ? {} : { since }),
          ...(minVersion === undefined ? {} : { minVersion }),
          filter,
        });
        return reply
          .type('application/json')
          .send(jsonList('{"rows":[', rows, `],${JSON.stringify(rest).slice(1)}`, clock));
      },
    ),
  );
  app.get(
    '/api/v1/clusters/:source/:name',
    apiRoute(
      {
        id: 'getCluster',
        summary: 'One ClusterPersona, whole',
        path: personaKeySchema,
        query: v.object({ minVersion: v.exactOptional(minVersionParameter) }),
        body: NO_BODY,
        answer: jsonOf('The object as its cluster has it', REQUESTS['clusters.get'].result),
        problems: [NOT_FOUND, UPSTREAM],
      },
      async ({ path: key, query, request, reply }) => {
        // A source that there never was is not one that may come back.
        everything.status(key.source);
        const answer = await hubFor(request).getCluster({ ...key, ...query });
        return reply.type('application/json').send(JSON.stringify(answer));
      },
    ),
  );
  addRequestRoutes(app, hubFor, commands);
  addKubeRoute(app, everything);
}

/** Every request of the protocol by its name. */
function addRequestRoutes(
  app: FastifyInstance,
  hubFor: (request: FastifyRequest) => GuestHub,
  commands: HubCommands,
): void {
  for (const [method, { params, result }] of Object.entries(REQUESTS)) {
    app.post(
      `/api/v1/requests/${method}`,
      apiRoute(
        {
          id: method,
          summary: `The request ${method} of the hub's own protocol`,
          path: NO_PARAMETERS,
          query: NO_PARAMETERS,
          body: params,
          answer: jsonOf('Its answer', result),
          problems: [NOT_FOUND, UNSUPPORTED, UPSTREAM],
        },
        async ({ body, request, reply }) => {
          const abort = new AbortController();
          reply.raw.once('close', () => abort.abort());
          const answer = await answerRequest(
            {
              hub: hubFor(request),
              logs: undefined,
              relay: undefined,
              runCommand: commands.runnerFor(request.visit.guest),
              signal: abort.signal,
              onProgress: () => undefined,
            },
            method,
            body,
          );
          return reply.type('application/json').send(JSON.stringify(answer));
        },
      ),
    );
  }
  // Of a later version of the protocol, or of none.
  app.post<{ Params: { method: string } }>(
    '/api/v1/requests/:method',
    { config: { isUndescribed: true } },
    (request) => {
      const detail = `no method ${request.params.method.slice(0, 100)}`;
      throw new ProblemError({ code: 'unknownMessage', detail });
    },
  );
}

function jsonOf(description: string, schema: v.GenericSchema) {
  return { description, type: 'application/json', schema } as const;
}
