import { load } from 'js-yaml';
import { ApiStatusError, badRequest } from '../apiServer/apiStatus';
import { documentProblem, MAX_DEPTH } from './documentLimits';

export const JSON_TYPE = 'application/json';
export const YAML_TYPE = 'application/yaml';

/** The media type without its parameters, in lower case; empty where there is none. */
export function mediaTypeOf(contentType: string | undefined): string {
  return (contentType ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

/** As UTF-8; what is none of it is replaced, as Go's decoder does. A byte order mark stays, and is no JSON. */
export function textOfBody(body: string | Uint8Array = ''): string {
  return typeof body === 'string' ? body : new TextDecoder('utf-8', { ignoreBOM: true }).decode(body);
}

/** Throws a 400 {@link ApiStatusError} whose message begins with `what` and ends with `rest`. */
export function parseJson(body: string, what: string, rest = ''): unknown {
  return parse(
    () => JSON.parse(body),
    (error) => `${what}: ${jsonErrorOf(body, error)}${rest}`,
  );
}

/** Go's word for a text that ends too early; for anything else JavaScript's. */
function jsonErrorOf(body: string, error: unknown): string {
  const message = messageOf(error);
  const position = /at position (\d+)/.exec(message)?.[1];
  const isCutOff = message.includes('end of JSON input') || Number(position) >= body.length;
  return isCutOff ? 'unexpected end of JSON input' : message;
}

/**
 * JSON is YAML, too, and what programs send; read as what it is it takes a fraction of the time, and a field may stand twice.
 * Throws a 400 {@link ApiStatusError} whose message begins with `what`.
 */
export function parseYaml(body: string, what: string): unknown {
  return parse(
    () => jsonOf(body) ?? load(body, { maxDepth: MAX_DEPTH }),
    (error) => `${what}: ${messageOf(error)}`,
  );
}

/** The object that a text is in JSON; `undefined` for any other. */
function jsonOf(text: string): unknown {
  if (!text.startsWith('{')) {
    return undefined;
  }
  try {
    return JSON.parse(text);
  } catch {
    // A mapping of YAML may begin so, too.
    return undefined;
  }
}

function parse(read: () => unknown, refusalOf: (error: unknown) => string): unknown {
  let document: unknown;
  let problem: unknown;
  try {
    document = read();
    problem = documentProblem(document);
  } catch (error) {
    problem = error;
  }
  if (problem !== undefined) {
    throw new ApiStatusError(badRequest(refusalOf(problem)));
  }
  return document;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : String(error);
}
