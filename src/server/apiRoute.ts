import type { FastifyReply, FastifyRequest, RouteShorthandOptionsWithHandler } from 'fastify';
import * as v from 'valibot';
import { decode } from '../protocol/messages';
import { ProblemError } from '../protocol/problem';

/** Parameters by their names, as a path or a query has them. */
export type Parameters = v.ObjectSchema<v.ObjectEntries, undefined>;

export const NO_PARAMETERS = v.object({});
export const NO_BODY = v.nullish(v.unknown());

/** What a route takes and answers. A request is decoded by this, and `/api/v1/openapi.json` is made of it. */
export interface ApiDescription<
  P extends Parameters = Parameters,
  Q extends Parameters = Parameters,
  B extends v.GenericSchema = v.GenericSchema,
> {
  /** The name of the operation, unique among all. */
  readonly id: string;
  /** One line. */
  readonly summary: string;
  readonly path: P;
  readonly query: Q;
  /** Of JSON. */
  readonly body: B;
  /** Headers that it heeds beside those that every route does, with what they say. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly answer: ApiAnswer;
  /** Statuses of its own, beside those that every route may answer with. */
  readonly problems?: readonly number[];
  /** It may say in a line of plain text what went wrong, where others answer with a problem of RFC 9457. */
  readonly hasPlainProblems?: true;
  /** Nobody is asked who they are. */
  readonly isOpen?: true;
  /** Where others take a certificate too, it takes none. */
  readonly isForTokens?: true;
}

interface ApiAnswer {
  readonly description: string;
  readonly type: 'application/json' | 'text/event-stream' | 'text/plain';
  /** Of JSON. */
  readonly schema?: v.GenericSchema;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    readonly api?: ApiDescription;
    /** It stands for whatever is not there. */
    readonly isUndescribed?: true;
  }
}

interface Asked<P extends Parameters, Q extends Parameters, B extends v.GenericSchema> {
  readonly path: v.InferOutput<P>;
  readonly query: v.InferOutput<Q>;
  readonly body: v.InferOutput<B>;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** A route whose requests are decoded before `handle` sees them: what is not as described is a `badRequest`. */
export function apiRoute<
  const P extends Parameters,
  const Q extends Parameters,
  const B extends v.GenericSchema,
>(
  api: ApiDescription<P, Q, B>,
  handle: (asked: Asked<P, Q, B>) => unknown,
): RouteShorthandOptionsWithHandler {
  return {
    config: { api },
    exposeHeadRoute: api.answer.type !== 'text/event-stream',
    handler: (request, reply) =>
      handle({
        path: decoded('the path', api.path, request.params),
        query: decoded('the query', api.query, request.query),
        body: decoded('the body', api.body, request.body),
        request,
        reply,
      }),
  };
}

/** For a parameter that may be given several times; a list of what `item` decodes. */
export function listOf<const S extends v.GenericSchema<string, string>>(item: S) {
  return v.pipe(
    v.union([item, v.array(item)]),
    v.transform((values): v.InferOutput<S>[] => [values].flat()),
  );
}

function decoded<const S extends v.GenericSchema>(what: string, schema: S, data: unknown): v.InferOutput<S> {
  const result = decode(schema, data);
  if (!result.ok) {
    throw new ProblemError({ code: 'badRequest', detail: `${what}: ${result.problem.detail}` });
  }
  return result.value;
}
