import { REQUESTS } from '../protocol/requests';
import { platformListSchema } from '../transport/web/compatConnection';
import { HubHttpError, type HubHttp } from '../transport/web/hubHttp';
import type { HubKind } from './hubFollower';

const NOT_FOUND = 404;

/**
 * Asks over HTTP which of the two it is. Undefined where that cannot be said: nothing answers, it lets nobody in, or it is
 * neither. Rejects with the signal's reason alone.
 */
export async function detectHub(http: HubHttp, signal: AbortSignal): Promise<HubKind | undefined> {
  try {
    await http.get('/api/v1/sources', REQUESTS['sources.list'].result, signal);
    return 'hub';
  } catch (error) {
    signal.throwIfAborted();
    // A platform answers 404, or with the page of its own client for whatever it does not know.
    const isOther =
      error instanceof HubHttpError && (error.status === NOT_FOUND || error.reason.kind === 'notAHub');
    if (!isOther) {
      return undefined;
    }
  }
  try {
    await http.get('/api/clusters', platformListSchema, signal);
    return 'platform';
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}
