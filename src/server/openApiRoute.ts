import type { FastifyInstance } from 'fastify';
import * as v from 'valibot';
import { version } from '../../package.json';
import { apiRoute, NO_BODY, NO_PARAMETERS } from './apiRoute';
import { openApiDocument, type DescribedRoute } from './openApi';

/** Describes every route that was and will be registered; `isOpen` where nobody is asked for a token. */
export function addOpenApiRoute(
  app: FastifyInstance,
  routes: readonly DescribedRoute[],
  isOpen: boolean,
): void {
  let text: string | undefined;
  app.get(
    '/api/v1/openapi.json',
    apiRoute(
      {
        id: 'describe',
        summary: 'This description',
        path: NO_PARAMETERS,
        query: NO_PARAMETERS,
        body: NO_BODY,
        answer: {
          description: 'OpenAPI 3.1',
          type: 'application/json',
          schema: v.looseObject({ openapi: v.string() }),
        },
      },
      ({ reply }) => {
        text ??= JSON.stringify(openApiDocument({ routes, version, isOpen }));
        return reply.type('application/json').send(text);
      },
    ),
  );
}
