import type { KubeRequest } from '../../base/kubeFetch';

/** A header of a request; `name` is in lower case, the request's own names may be in any. */
export function headerOf(request: KubeRequest, name: string): string | undefined {
  const { headers } = request;
  if (headers === undefined) {
    return undefined;
  }
  return headers[name] ?? Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
}
