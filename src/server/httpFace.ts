import { fastify, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Server } from 'node:http';
import type { Logger } from '../base/logger';
import { problemFromError } from '../protocol/problemFromError';
import type { Doorkeeper, Visit } from './auth/doorkeeper';
import { ANYBODY } from './auth/servedGuest';
import type { ConnectionLimits } from './connectionLimits';
import type { Listener } from './listener';
import type { DescribedRoute } from './openApi';
import { PipelineLimit } from './pipelineLimit';
import {
  detailsOfEnd,
  detailsOfProblem,
  PROBLEM_TYPE,
  problemDetails,
  type ProblemDetails,
} from './problemDetails';
import { refuseMalformed } from './rawRefusal';
import type { RequestGuard } from './requestGuard';
import { TOO_OFTEN, type RequestRates } from './requestRates';

declare module 'fastify' {
  interface FastifyRequest {
    /** Whom it is from, once it was let in; it ends with the answer. */
    visit: Pick<Visit, 'guest' | 'credential'>;
  }
}

export interface HttpFaceOptions {
  readonly listener: Listener;
  readonly guard: RequestGuard;
  readonly limits: ConnectionLimits;
  readonly rates: RequestRates;
  readonly doorkeeper: Doorkeeper;
  readonly logger: Logger;
}

/** Nothing that is asked has a body worth mentioning. */
const BODY_BYTES = 64 * 1024;
/** Names of Kubernetes have 253 characters, three bytes each where they are percent-encoded. */
const MAX_PARAMETER_CHARS = 1_000;
const PREFLIGHT_AGE_S = '600';
/** Asked by those that start and stop the server, who have no token. */
const PROBES: ReadonlySet<string> = new Set(['/healthz', '/readyz']);

/**
 * What stands before every route: limits, origin, and who asks. Problems are told as RFC 9457 says. Neither URLs nor headers are
 * logged.
 */
export function createHttpFace(options: HttpFaceOptions): {
  readonly app: FastifyInstance;
  readonly server: Server;
  /** Of every route that is added; one below `/api/` has to be described. */
  readonly described: readonly DescribedRoute[];
} {
  const { listener, guard, limits, rates, doorkeeper, logger } = options;
  const app = fastify({
    serverFactory: (handle) => listener.create(handle),
    logger: false,
    bodyLimit: BODY_BYTES,
    routerOptions: { maxParamLength: MAX_PARAMETER_CHARS },
    // A connection that ends is cut by whoever stops the server.
    forceCloseConnections: false,
    clientErrorHandler: ({ code }, connection) => refuseMalformed(connection, code),
    frameworkErrors: (_, __, reply) => {
      void fail(reply, problemDetails(400, 'the URL cannot be understood'));
    },
  });
  const described: DescribedRoute[] = [];
  app.addHook('onRoute', ({ method, url, config }) => {
    const methods = [method].flat().filter((one) => one !== 'HEAD');
    const { api } = config ?? {};
    if (api !== undefined) {
      described.push(...methods.map((one) => ({ method: one, url, api })));
    } else if (methods.length > 0 && url.startsWith('/api/') && config?.isUndescribed !== true) {
      throw new Error(`${url} is described nowhere`);
    }
  });
  app.decorateRequest('visit');
  const pipelines = new PipelineLimit();
  app.addHook('onRequest', (request, reply, next) => {
    request.visit = NOBODY_ASKED;
    const { socket } = request.raw;
    if (!pipelines.take(socket, reply.raw)) {
      void fail(reply, problemDetails(429, 'too many requests of one connection'));
      return;
    }
    reply.headers({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' });
    const { origin, host = '' } = request.headers;
    if (origin !== undefined) {
      reply.header('vary', 'origin');
      if (guard.isAllowedOrigin(origin, host)) {
        reply.headers({
          'access-control-allow-origin': origin,
          'access-control-expose-headers': 'retry-after',
        });
      }
    }
    const isTooOften = !isProbe(request) && !rates.take(socket.remoteAddress);
    const problem = isTooOften ? problemDetails(429, TOO_OFTEN) : refusal(request);
    if (problem === undefined && request.method === 'OPTIONS') {
      void allowPreflight(reply);
    } else if (problem !== undefined) {
      void fail(reply, problem);
    } else if (doorkeeper.isOpen || isProbe(request) || request.routeOptions.config.isPublic === true) {
      next();
    } else {
      void admit(request, reply, next);
    }
  });
  app.setNotFoundHandler((_, reply) => fail(reply, problemDetails(404, 'there is nothing here')));
  app.setErrorHandler((error, _, reply) => {
    const status = clientFault(error);
    if (status !== undefined) {
      return fail(reply, problemDetails(status, 'the request cannot be understood'));
    }
    const problem = problemFromError(error);
    if (problem.code === 'internal') {
      logger.error('A request failed', error);
      return fail(reply, problemDetails(500, 'a fault of the hub', 'internal'));
    }
    return fail(reply, detailsOfProblem(problem));
  });

  /** Why a request is not answered. */
  function refusal(request: FastifyRequest): ProblemDetails | undefined {
    const { headers, raw, url } = request;
    const refused = guard.refuse({ url, headers });
    if (refused !== undefined) {
      return problemDetails(refused.status, refused.detail);
    }
    return !isProbe(request) && limits.isExcess(raw.socket)
      ? problemDetails(429, 'too many connections')
      : undefined;
  }

  /** Goes on where somebody is let in, who stays until the answer is through. */
  async function admit(request: FastifyRequest, reply: FastifyReply, next: () => void): Promise<void> {
    const { headers, raw } = request;
    const admittance = await doorkeeper.admit({ headers, connection: raw.socket });
    if (!admittance.ok) {
      void fail(reply, detailsOfEnd(admittance.end));
      return;
    }
    const { visit } = admittance;
    if (raw.socket.destroyed) {
      visit.dispose();
      return;
    }
    request.visit = visit;
    reply.raw.once('close', () => visit.dispose());
    next();
  }

  return { app, server: app.server, described };
}

const NOBODY_ASKED = { guest: ANYBODY };

function isProbe({ routeOptions }: FastifyRequest): boolean {
  return PROBES.has(routeOptions.url ?? '');
}

function allowPreflight(reply: FastifyReply): FastifyReply {
  return reply
    .code(204)
    .headers({
      'access-control-allow-methods': 'GET, POST',
      'access-control-allow-headers': 'authorization, content-type, last-event-id',
      'access-control-max-age': PREFLIGHT_AGE_S,
    })
    .send();
}

/** Answers with a problem. */
export function fail(reply: FastifyReply, problem: ProblemDetails): FastifyReply {
  if (problem.status === 401) {
    // A certificate belongs to its connection: another one can only come with another connection.
    reply.headers({ 'www-authenticate': 'Bearer', connection: 'close' });
  }
  if (problem.status === 503) {
    reply.header('retry-after', '5');
  }
  if (problem.status === 429) {
    reply.headers({ 'retry-after': '10', connection: 'close' });
  }
  return reply.code(problem.status).type(PROBLEM_TYPE).send(JSON.stringify(problem));
}

/** The status of what the framework itself refuses. */
function clientFault(error: unknown): number | undefined {
  const status = error instanceof Error && 'statusCode' in error ? error.statusCode : undefined;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : undefined;
}
