import { load } from 'js-yaml';
import { ApiStatusError, badRequest } from '../apiServer/apiStatus';

/** The media type without its parameters, in lower case; empty where there is none. */
export function mediaTypeOf(contentType: string | undefined): string {
  return (contentType ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

/** Throws a 400 {@link ApiStatusError} whose message begins with `what`. */
export function parseJson(body: string, what: string): unknown {
  try {
    return JSON.parse(body);
  } catch (error) {
    throw unreadable(what, error);
  }
}

/** JSON is YAML, too. Throws a 400 {@link ApiStatusError} whose message begins with `what`. */
export function parseYaml(body: string, what: string): unknown {
  try {
    return load(body);
  } catch (error) {
    throw unreadable(what, error);
  }
}

function unreadable(what: string, error: unknown): ApiStatusError {
  const reason = error instanceof Error ? error.message.split('\n', 1)[0] : String(error);
  return new ApiStatusError(badRequest(`${what}: ${reason}`));
}
