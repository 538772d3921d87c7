import { load } from 'js-yaml';
import { ApiStatusError, badRequest } from '../apiServer/apiStatus';

/** The media type without its parameters, in lower case; empty where there is none. */
export function mediaTypeOf(contentType: string | undefined): string {
  return (contentType ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

/** Throws a 400 {@link ApiStatusError} whose message begins with `what` and ends with `rest`. */
export function parseJson(body: string, what: string, rest = ''): unknown {
  try {
    return JSON.parse(body);
  } catch (error) {
    throw new ApiStatusError(badRequest(`${what}: ${jsonErrorOf(body, error)}${rest}`));
  }
}

/** Go's word for a text that ends too early; for anything else JavaScript's. */
function jsonErrorOf(body: string, error: unknown): string {
  const message = messageOf(error);
  const position = /at position (\d+)/.exec(message)?.[1];
  const isCutOff = message.includes('end of JSON input') || Number(position) >= body.length;
  return isCutOff ? 'unexpected end of JSON input' : message;
}

/** JSON is YAML, too. Throws a 400 {@link ApiStatusError} whose message begins with `what`. */
export function parseYaml(body: string, what: string): unknown {
  try {
    return load(body);
  } catch (error) {
    throw new ApiStatusError(badRequest(`${what}: ${messageOf(error)}`));
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? (error.message.split('\n', 1)[0] ?? '') : String(error);
}
