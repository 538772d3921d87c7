import type { QueryClient } from '@tanstack/react-query';
import type { Clock } from '../../src/base/clock';
import { DisposableStore, type Disposable } from '../../src/base/disposable';
import type { HubClient } from '../bridge/hubClient';
import { Invalidator } from './invalidator';
import { NowTicker, type Visibility } from './nowTicker';
import { createQueryClient } from './queryClient';
import { createTombstones, type Tombstones } from './tombstones';

/** Everything that the hooks of one view share. */
export interface Connection extends Disposable {
  readonly client: HubClient;
  readonly clock: Clock;
  readonly queryClient: QueryClient;
  readonly tombstones: Tombstones;
  readonly ticker: NowTicker;
}

/** Wires a client to a cache of its own. Owns and disposes the client. */
export function createConnection(client: HubClient, clock: Clock, visibility: Visibility): Connection {
  const owned = new DisposableStore();
  owned.add(client);
  const queryClient = createQueryClient();
  const tombstones = createTombstones();
  owned.add(new Invalidator(client, queryClient, tombstones));
  const ticker = owned.add(new NowTicker(clock, visibility));
  return {
    client,
    clock,
    queryClient,
    tombstones,
    ticker,
    dispose() {
      owned.dispose();
      queryClient.clear();
    },
  };
}
