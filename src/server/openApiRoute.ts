import type { FastifyInstance } from 'fastify';
import * as v from 'valibot';
import { version } from '../../package.json';
import type { Doorkeeper } from './auth/doorkeeper';
import { apiRoute, NO_BODY, NO_PARAMETERS } from './apiRoute';
import { openApiDocument, type AdmissionWay, type DescribedRoute } from './openApi';

/** Describes every route that was and will be registered. */
export function addOpenApiRoute(
  app: FastifyInstance,
  routes: readonly DescribedRoute[],
  { takesTokens, takesCertificates }: Pick<Doorkeeper, 'takesTokens' | 'takesCertificates'>,
): void {
  const ways: AdmissionWay[] = [
    ...(takesTokens ? (['token'] as const) : []),
    ...(takesCertificates ? (['certificate'] as const) : []),
  ];
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
        text ??= JSON.stringify(openApiDocument({ routes, version, ways }));
        return reply.type('application/json').send(text);
      },
    ),
  );
}
