import { errorFromResponse } from './kubeStatusError';
import { readListBody } from './listBody';
import { timedRequest, withQuery, type Requester } from './timedRequest';
import { TimeSlice } from './timeSlice';

/**
 * Longest wait for a probe's answer, and longest silence within it. After half of it a visible source shows as stale;
 * after all of it the connection counts as dead.
 */
const PROBE_MS = 10_000;

/**
 * Reads the collection's newest ResourceVersion from the server: a list of one, which comes from storage and not from a
 * cache that lags. Rejects like a list.
 */
export function probe(requester: Requester, path: string, signal: AbortSignal): Promise<string> {
  const options = { signal, answerMs: PROBE_MS, bodyIdleMs: PROBE_MS };
  return timedRequest(
    requester,
    withQuery(path, { limit: '1', pretty: 'false' }),
    options,
    async (response) => {
      if (response.status !== 200) {
        throw await errorFromResponse(response, signal);
      }
      const page = await readListBody(response.body, new TimeSlice(requester.clock), signal);
      return page.resourceVersion;
    },
  );
}
