import * as vscode from 'vscode';
import type { Clock } from '../../base/clock';
import { DisposableStore, type Disposable } from '../../base/disposable';
import { Emitter, type Event } from '../../base/emitter';
import type { Logger } from '../../base/logger';
import type { Random } from '../../base/random';
import type { Hub } from '../../hub/hub';
import { ProblemError } from '../../protocol/problem';
import type { FollowedHub } from '../../remote/followedHub';
import type { HubKind } from '../../remote/hubFollower';
import { KeptSources } from '../../remote/keptSources';
import type * as RemoteMode from '../../remote/remoteMode';
import type { HubTrial } from '../../remote/tryHub';
import type { ConnectionState } from '../../transport/connectionState';
import type { ConnectionSettings } from '../../transport/connectionSettings';
import type { Credentials } from '../../transport/credentials';
import type { HubAddress } from '../configuration/decodeSettings';
import type { Platform } from '../platform';
import { settings } from '../settings';
import type { HubTokens } from './hubTokens';

export interface HubsOptions {
  readonly hub: Hub;
  readonly platform: Pick<Platform, 'openSocket' | 'fetch'>;
  readonly tokens: HubTokens;
  /** How connections are kept, at each moment. */
  readonly connection: ConnectionSettings;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly onAwake: Event<void>;
}

/** A hub of the settings, as a row shows it. */
export interface HubRow extends HubAddress {
  readonly kind: HubKind;
  readonly state: ConnectionState;
  /** Ids of its sources, in its own order. */
  readonly sources: readonly string[];
}

interface Entry {
  readonly address: HubAddress;
  readonly followed: FollowedHub;
  readonly owned: DisposableStore;
  readonly sources: KeptSources;
}

/**
 * Keeps a connection to each hub of the settings, and in the editor's own hub a source for each of theirs. What speaks with hubs
 * is loaded with the first one.
 */
export class Hubs implements Disposable {
  readonly #options: HubsOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #changed: Emitter<void>;
  readonly #hubChanged: Emitter<string>;
  readonly #following: vscode.Disposable;
  #isStarted = false;
  #isConnecting = false;
  #isDisposed = false;
  #remote: typeof RemoteMode | undefined;
  #loading: Promise<typeof RemoteMode> | undefined;

  constructor(options: HubsOptions) {
    this.#options = options;
    const onListenerError = (error: unknown): void => options.logger.error('A listener failed', error);
    this.#changed = new Emitter(onListenerError);
    this.#hubChanged = new Emitter(onListenerError);
    this.#following = settings.onHubsChanged(() => {
      this.#isConnecting = true;
      this.#follow();
    });
  }

  /** In the order of the settings. */
  get rows(): readonly HubRow[] {
    return [...this.#entries.values()].map(rowOf);
  }

  row(url: string): HubRow | undefined {
    const entry = this.#entries.get(url);
    return entry === undefined ? undefined : rowOf(entry);
  }

  /** There are other hubs, or other sources of one. */
  get onChanged(): Event<void> {
    return this.#changed.event;
  }

  /** The connection to one is another; tells its address. */
  get onHubChanged(): Event<string> {
    return this.#hubChanged.event;
  }

  /** All of the settings. */
  get addresses(): readonly HubAddress[] {
    return settings.hubs();
  }

  /** The hub that has this source. */
  hubOf(source: string): HubAddress | undefined {
    return [...this.#entries.values()].find(({ sources }) => sources.has(source))?.address;
  }

  /** Loads what will be needed, so that the rows of hubs are there as soon as {@link start} is called. Never rejects. */
  async prepare(): Promise<void> {
    if (this.addresses.length > 0) {
      // Where it fails it is said once they are to be followed.
      await this.#load().catch(() => undefined);
    }
  }

  /** Follows the settings from now on; with `isConnecting` the hubs are connected at once. */
  start(isConnecting: boolean): void {
    this.#isStarted = true;
    this.#isConnecting = isConnecting;
    this.#follow();
  }

  /** Connects to a hub now, whatever kept it from that. */
  retry(url: string): void {
    const followed = this.#entries.get(url)?.followed;
    if (followed === undefined) {
      // What speaks with it could not be loaded, or is about to be.
      this.#isConnecting = true;
      void this.#followOnceLoaded();
      return;
    }
    followed.start();
    followed.retryNow();
  }

  /** What is at an address, and whether it can be reached with these credentials; it need not be one of the settings. */
  async try(address: HubAddress, credentials: Credentials, signal: AbortSignal): Promise<HubTrial> {
    const { tryHub } = await this.#load();
    return tryHub(this.#followOptions(address, credentials), signal);
  }

  /** Tries the hub of a source anew, beside the connection that there is. Rejects with `notFound` where it has none any more. */
  examine(source: string, signal: AbortSignal): Promise<HubTrial> {
    const address = this.hubOf(source);
    return address === undefined
      ? Promise.reject(new ProblemError({ code: 'notFound', detail: 'the hub was removed' }))
      : this.try(address, this.#options.tokens.credentials(address.url), signal);
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#following.dispose();
    for (const { owned } of this.#entries.values()) {
      owned.dispose();
    }
    this.#entries.clear();
    this.#changed.dispose();
    this.#hubChanged.dispose();
  }

  #follow(): void {
    if (!this.#isStarted || this.#isDisposed) {
      return;
    }
    const wanted = new Map(this.addresses.map((address) => [address.url, address]));
    const remote = this.#remote;
    if (remote === undefined && wanted.size > 0) {
      void this.#followOnceLoaded();
      return;
    }
    for (const [url, entry] of this.#entries) {
      if (!wanted.has(url)) {
        this.#entries.delete(url);
        entry.owned.dispose();
        entry.sources.keep([]);
      }
    }
    for (const [url, address] of wanted) {
      if (remote !== undefined && !this.#entries.has(url)) {
        this.#add(remote, address);
      }
    }
    this.#changed.fire();
  }

  /** Never rejects. */
  async #followOnceLoaded(): Promise<void> {
    try {
      await this.#load();
    } catch (error) {
      this.#options.logger.error('What speaks with hubs could not be loaded', error);
      void vscode.window.showErrorMessage(
        vscode.l10n.t('What speaks with hubs could not be loaded. Reload the window to try again.'),
      );
      return;
    }
    this.#follow();
  }

  #load(): Promise<typeof RemoteMode> {
    const loading = this.#loading ?? this.#loadOnce();
    this.#loading = loading;
    return loading;
  }

  async #loadOnce(): Promise<typeof RemoteMode> {
    try {
      this.#remote = await import('../../remote/remoteMode');
      return this.#remote;
    } finally {
      // What could not be loaded once, while the extension was replaced for instance, may be the next time.
      this.#loading = undefined;
    }
  }

  #add(remote: typeof RemoteMode, address: HubAddress): void {
    const owned = new DisposableStore();
    const credentials = this.#options.tokens.credentials(address.url);
    const followed = owned.add(new remote.FollowedHub(this.#followOptions(address, credentials)));
    const entry: Entry = {
      address,
      followed,
      owned,
      sources: new KeptSources(this.#options.hub, this.#options.logger),
    };
    this.#entries.set(address.url, entry);
    owned.add(
      followed.onSourcesChanged((definitions) => {
        entry.sources.keep(definitions);
        this.#changed.fire();
      }),
    );
    owned.add(followed.onStateChanged(() => this.#hubChanged.fire(address.url)));
    if (this.#isConnecting) {
      followed.start();
    }
  }

  #followOptions(address: HubAddress, credentials: Credentials) {
    const { platform, connection, clock, random, logger, onAwake } = this.#options;
    const { openSocket, fetch } = platform;
    return {
      ...address,
      credentials,
      settings: connection,
      openSocket,
      fetch,
      clock,
      random,
      logger,
      onAwake,
    };
  }
}

function rowOf({ address, followed, sources }: Entry): HubRow {
  return { ...address, kind: followed.kind, state: followed.state, sources: sources.ids };
}
