import { toJsonSchema } from '@valibot/to-json-schema';
import { STATUS_CODES } from 'node:http';
import type * as v from 'valibot';
import { NO_BODY, type ApiDescription, type Parameters } from './apiRoute';
import { PROBLEM_TYPE, problemDetailsSchema } from './problemDetails';

/** A route as it was registered. */
export interface DescribedRoute {
  readonly method: string;
  /** As the framework writes it: `/a/:b`. */
  readonly url: string;
  readonly api: ApiDescription;
}

export interface OpenApiOptions {
  readonly routes: readonly DescribedRoute[];
  /** Of the hub. */
  readonly version: string;
  /** By what people say who they are, any of it; nobody is asked where it is nothing. */
  readonly ways: readonly AdmissionWay[];
}

export type AdmissionWay = 'token' | 'certificate';

const SCHEMES: Readonly<Record<AdmissionWay, object>> = {
  token: { type: 'http', scheme: 'bearer' },
  certificate: { type: 'mutualTLS' },
};

/** What every route may answer with, whatever it is asked. */
const PROBLEMS = [400, 403, 408, 429, 431, 500, 503];
/** Beside those, where it takes a body. */
const BODY_PROBLEMS = [413, 415];
const UNAUTHORIZED = 401;
const PROBLEM_REF = '#/components/schemas/Problem';

/** OpenAPI 3.1, made of what the routes decode and answer by. */
export function openApiDocument({ routes, version, ways }: OpenApiOptions): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const { method, url, api } of routes) {
    const path = url.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [method.toLowerCase()]: operation(api, ways) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'ClusterPersona hub',
      version,
      description:
        'The lists, requests and streams of a hub. What its WebSockets say stands in docs/protocol.md.',
    },
    paths,
    components: {
      schemas: { Problem: jsonSchema(problemDetailsSchema, 'output') },
      ...(ways.length === 0
        ? {}
        : { securitySchemes: Object.fromEntries(ways.map((way) => [way, SCHEMES[way]])) }),
    },
    ...(ways.length === 0 ? {} : { security: ways.map(requirement) }),
  };
}

function requirement(way: AdmissionWay): object {
  return { [way]: [] };
}

function operation(api: ApiDescription, ways: readonly AdmissionWay[]): object {
  const { id, summary, headers = {}, answer, problems = [], body } = api;
  const asksWho = ways.length > 0 && api.isOpen !== true;
  const statuses = [
    ...PROBLEMS,
    ...(body === NO_BODY ? [] : BODY_PROBLEMS),
    ...(asksWho ? [UNAUTHORIZED] : []),
    ...problems,
  ];
  return {
    operationId: id,
    summary,
    ...(api.isOpen === true && ways.length > 0 ? { security: [] } : {}),
    ...(api.isForTokens === true && ways.length > 1 ? { security: [requirement('token')] } : {}),
    parameters: [
      ...parametersOf(api.path, 'path'),
      ...parametersOf(api.query, 'query'),
      ...Object.entries(headers).map(([name, description]) => ({
        name,
        in: 'header',
        description,
        schema: { type: 'string' },
      })),
    ],
    ...(body === NO_BODY
      ? {}
      : { requestBody: { content: { 'application/json': { schema: jsonSchema(body, 'input') } } } }),
    responses: {
      '200': {
        description: answer.description,
        content: {
          [answer.type]: {
            schema: answer.schema === undefined ? { type: 'string' } : jsonSchema(answer.schema, 'output'),
          },
        },
      },
      ...Object.fromEntries(
        [...new Set(statuses)]
          .sort((a, b) => a - b)
          .map((status) => [String(status), problemOf(status, api.hasPlainProblems === true)]),
      ),
    },
  };
}

function problemOf(status: number, mayBePlain: boolean): object {
  return {
    description: STATUS_CODES[status] ?? 'Error',
    content: {
      [PROBLEM_TYPE]: { schema: { $ref: PROBLEM_REF } },
      ...(mayBePlain ? { 'text/plain': { schema: { type: 'string' } } } : {}),
    },
  };
}

function parametersOf({ entries }: Parameters, place: 'path' | 'query'): object[] {
  return Object.entries(entries).map(([name, entry]) => {
    const { description, ...schema } = jsonSchema(entry, 'input');
    return {
      name,
      in: place,
      required: place === 'path' || entry.type !== 'exact_optional',
      ...(description === undefined ? {} : { description }),
      schema,
    };
  });
}

function jsonSchema(schema: v.GenericSchema, typeMode: 'input' | 'output') {
  const { $schema: _, ...converted } = toJsonSchema(schema, {
    target: 'draft-2020-12',
    typeMode,
    // What JSON Schema has no words for is left out: it allows more than is taken.
    errorMode: 'ignore',
  });
  return converted;
}
