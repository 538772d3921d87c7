import { notifyManager, type QueryClient } from '@tanstack/react-query';
import type { Clock } from '../../src/base/clock';
import { DisposableStore, type Disposable } from '../../src/base/disposable';
import type { HubClient } from '../../src/client/hubClient';
import { editorHost } from '../bridge/editor/editorHost';
import type { ViewHost } from '../bridge/viewHost';
import { Invalidator } from './invalidator';
import { MetricSeriesBook } from './metricSeriesBook';
import { NowTicker, type Visibility } from './nowTicker';
import { createQueryClient } from './queryClient';
import { RealtimeStore } from './realtimeStore';
import { createTombstones, type Tombstones } from './tombstones';
import { hostedVisibility } from './hostedVisibility';

/** Everything that the hooks of one view share. */
export interface Connection extends Disposable {
  readonly client: HubClient;
  readonly clock: Clock;
  readonly queryClient: QueryClient;
  readonly tombstones: Tombstones;
  readonly ticker: NowTicker;
  readonly realtime: RealtimeStore;
  readonly metrics: MetricSeriesBook;
  /** Of the view, as far as page and host know. */
  readonly visibility: Visibility;
  readonly host: ViewHost;
}

/**
 * Wires a client to a cache and a store of its own. Owns and disposes the client. Whatever one frame of events changes in them
 * is one batch, so that it is one React pass.
 */
export function createConnection(
  client: HubClient,
  clock: Clock,
  pageVisibility: Visibility,
  host: ViewHost = editorHost(client),
): Connection {
  const owned = new DisposableStore();
  owned.add(client);
  const visibility = hostedVisibility(client, pageVisibility);
  const queryClient = createQueryClient();
  const tombstones = createTombstones();
  const invalidator = owned.add(new Invalidator(queryClient, tombstones));
  const realtime = owned.add(new RealtimeStore(client, clock, visibility));
  const metrics = owned.add(new MetricSeriesBook(client, realtime, clock));
  owned.add(
    client.onEvents((events) =>
      notifyManager.batch(() => {
        invalidator.apply(events);
        realtime.apply(events);
      }),
    ),
  );
  owned.add(
    client.onRecovered(() =>
      notifyManager.batch(() => {
        invalidator.invalidateEverything();
        realtime.missed();
      }),
    ),
  );
  const ticker = owned.add(new NowTicker(clock, visibility));
  return {
    client,
    clock,
    queryClient,
    tombstones,
    ticker,
    realtime,
    metrics,
    visibility,
    host,
    dispose() {
      owned.dispose();
      queryClient.clear();
    },
  };
}
