import { errorFromResponse } from '../../informer/kubeStatusError';
import { withQuery } from '../../informer/timedRequest';
import { readWatch } from '../../informer/watchStream';
import { CLUSTER_PERSONA } from '../../protocol/clusterPersonaResource';
import type { ApiCheckOptions, ApiFindings } from '../apiCheckOptions';
import type { Finding } from '../diagnosis';
import type { Check } from '../examine';

/** The server ends the watch after this long. */
const TIMEOUT_S = 2;
/** Ample time for the end of the watch to arrive. What comes later was held back on the way. */
const PATIENCE_MS = 8_000;

/**
 * Whether changes are told as they come: a watch that opens, and then brings an event, a bookmark or its own end in time.
 * A proxy that waits for the end of an answer before it hands on the beginning passes every check but this one.
 */
export function watchCheck({ fetch, clock }: ApiCheckOptions, found: ApiFindings): Check {
  return {
    id: 'watch',
    needs: ['list'],
    run: async (signal): Promise<Finding> => {
      const startedMs = clock.monotonic();
      const details: string[] = [];
      const patience = new AbortController();
      const timer = clock.schedule(PATIENCE_MS, () => patience.abort());
      try {
        const within = AbortSignal.any([signal, patience.signal]);
        await follow(within);
        return { outcome: 'passed', details };
      } catch (error) {
        signal.throwIfAborted();
        if (!patience.signal.aborted) {
          throw error;
        }
        const problem = {
          code: 'unreachable',
          detail: `the watch was to end after ${TIMEOUT_S} s, and had not after ${PATIENCE_MS / 1000} s`,
        } as const;
        return { outcome: 'failed', problem, concern: { type: 'watchHeldBack' }, details };
      } finally {
        timer.dispose();
      }

      async function follow(within: AbortSignal): Promise<void> {
        const path = withQuery(CLUSTER_PERSONA.path, {
          watch: '1',
          allowWatchBookmarks: 'true',
          resourceVersion: found.resourceVersion,
          timeoutSeconds: String(TIMEOUT_S),
          pretty: 'false',
        });
        const response = await fetch(path, { headers: { accept: 'application/json' }, signal: within });
        const sinceStart = (): string => `${Math.round(clock.monotonic() - startedMs)} ms`;
        if (response.status !== 200) {
          throw await errorFromResponse(response, within);
        }
        details.push(`Opened after ${sinceStart()}`);
        for await (const events of readWatch(response.body)) {
          for (const event of events) {
            if (event.type === 'error') {
              throw event.error;
            }
            const what = event.type === 'bookmark' ? 'bookmark' : 'event';
            details.push(`First ${what} after ${sinceStart()}`);
            return;
          }
        }
        details.push(`Ended by the server after ${sinceStart()}`);
      }
    },
  };
}
