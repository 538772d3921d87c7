import { ApiStatusError, badRequest } from './apiStatus';

/** A whole number of 0 or more; `undefined` where the parameter is missing or empty. Throws {@link ApiStatusError}. */
export function queryNumber(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name) ?? '';
  if (text === '') {
    return undefined;
  }
  if (!/^\d{1,15}$/.test(text)) {
    throw new ApiStatusError(
      badRequest(`invalid value for ${name}: ${JSON.stringify(text)} is not a whole number of 0 or more`),
    );
  }
  return Number(text);
}

/** By the rules of the API server: `1`, `t` and `true` in any case, and the bare name, mean yes. */
export function queryFlag(query: URLSearchParams, name: string): boolean {
  const text = query.get(name);
  return text !== null && !['0', 'f', 'false'].includes(text.toLowerCase());
}
