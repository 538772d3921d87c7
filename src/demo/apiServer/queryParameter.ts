import { ApiStatusError, badRequest } from './apiStatus';

/** As near as a number comes to it. */
const MAX_INT64 = 2 ** 63 - 1024;

/** A whole number; `undefined` where the parameter is missing or empty. Throws {@link ApiStatusError}. */
export function queryInteger(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name) ?? '';
  if (text === '') {
    return undefined;
  }
  const isNumber = /^[+-]?\d+$/.test(text);
  if (!isNumber || Math.abs(Number(text)) > MAX_INT64) {
    const why = isNumber ? 'value out of range' : 'invalid syntax';
    throw new ApiStatusError(badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: ${why}`));
  }
  return Number(text);
}

/** By the rules of the API server: anything means yes but `0` and `false`, in any case; so does the bare name. */
export function queryFlag(query: URLSearchParams, name: string): boolean {
  const text = query.get(name);
  return text !== null && text !== '0' && text.toLowerCase() !== 'false';
}
