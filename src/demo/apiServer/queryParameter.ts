import { ApiStatusError, badRequest } from './apiStatus';

/** A whole number; `undefined` where the parameter is missing or empty. Throws {@link ApiStatusError}. */
export function queryInteger(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name) ?? '';
  if (text === '') {
    return undefined;
  }
  if (!/^-?\d{1,15}$/.test(text)) {
    throw new ApiStatusError(badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`));
  }
  return Number(text);
}

/** By the rules of the API server: `1`, `t` and `true` in any case, and the bare name, mean yes. */
export function queryFlag(query: URLSearchParams, name: string): boolean {
  const text = query.get(name);
  return text !== null && !['0', 'f', 'false'].includes(text.toLowerCase());
}
