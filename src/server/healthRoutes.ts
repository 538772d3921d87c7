import type { FastifyInstance } from 'fastify';
import { apiRoute, NO_BODY, NO_PARAMETERS } from './apiRoute';
import { fail } from './httpFace';
import { problemDetails } from './problemDetails';
import type { Readiness } from './readiness';
import type { ServerMetrics } from './serverMetrics';

export interface HealthOptions {
  readonly metrics: ServerMetrics;
  readonly look: () => Readiness;
  /** The source whose cluster says who may know the figures; undefined where everybody may who is let in. */
  readonly home: string | undefined;
}

const NOTHING_ASKED = { path: NO_PARAMETERS, query: NO_PARAMETERS, body: NO_BODY } as const;

/** What tells how the hub is doing. */
export function addHealthRoutes(app: FastifyInstance, { metrics, look, home }: HealthOptions): void {
  app.get(
    '/healthz',
    apiRoute(
      {
        ...NOTHING_ASKED,
        id: 'isAlive',
        summary: 'Whether the process works',
        answer: { description: 'It does', type: 'text/plain' },
        isOpen: true,
      },
      ({ reply }) => reply.type('text/plain').send('ok\n'),
    ),
  );
  app.get(
    '/readyz',
    apiRoute(
      {
        ...NOTHING_ASKED,
        id: 'isReady',
        summary: 'Whether every cluster was read or has failed, and at least one answers',
        answer: { description: 'So it is', type: 'text/plain' },
        isOpen: true,
      },
      ({ reply }) => {
        const { isReady, reason } = look();
        return isReady
          ? reply.type('text/plain').send(`${reason}\n`)
          : fail(reply, problemDetails(503, reason));
      },
    ),
  );
  app.get(
    '/metrics',
    apiRoute(
      {
        ...NOTHING_ASKED,
        id: 'readMetrics',
        summary: 'Figures for Prometheus',
        answer: { description: 'In its text format', type: 'text/plain' },
      },
      async ({ request, reply }) => {
        if (home !== undefined) {
          await request.visit.guest.require(home, { type: 'path', path: '/metrics' });
        }
        return reply.type(metrics.registry.contentType).send(await metrics.registry.metrics());
      },
    ),
  );
}
