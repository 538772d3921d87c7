import { DisposableStore, type Disposable } from '../../src/base/disposable';
import { documentVisibility } from '../bridge/documentVisibility';
import { HubSession, type HubSessionOptions } from '../bridge/browser/hubSession';
import { createConnection, type Connection } from '../realtime/connection';
import { FleetBook } from '../realtime/fleetBook';
import { pageHost, type PageHostOptions } from './pageHost';
import type { Router } from './router';

/**
 * What one person sees of a hub, from signing in to signing out: nothing of it is left for whoever comes next.
 */
export class PageSession implements Disposable {
  readonly hub: HubSession;
  readonly connection: Connection;
  readonly fleet: FleetBook;
  readonly #owned = new DisposableStore();

  constructor(
    options: HubSessionOptions,
    router: Router,
    tell: Pick<PageHostOptions, 'onCopied' | 'onFailed'>,
  ) {
    this.hub = this.#owned.add(new HubSession(options));
    const host = pageHost({ session: this.hub, router, ...tell });
    // It owns the client, and that its connection.
    this.connection = this.#owned.add(
      createConnection(this.hub.client, options.clock, documentVisibility, host),
    );
    const { client, realtime } = this.connection;
    this.fleet = this.#owned.add(new FleetBook(client, realtime, options.clock));
  }

  dispose(): void {
    this.#owned.dispose();
  }
}
