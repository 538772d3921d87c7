import type * as vscode from 'vscode';
import type { Clock } from '../../base/clock';
import { DisposableStore, type Disposable } from '../../base/disposable';
import { Emitter, type Event } from '../../base/emitter';
import type { Logger } from '../../base/logger';
import type { Random } from '../../base/random';
import type { Hub } from '../../hub/hub';
import type { SourceDefinition } from '../../hub/source';
import { HubLink } from '../../remote/hubLink';
import { tryHub, type HubTrial } from '../../remote/tryHub';
import type { ConnectionState } from '../../transport/connectionState';
import { DEFAULT_CONNECTION_SETTINGS } from '../../transport/connectionSettings';
import type { Credentials } from '../../transport/credentials';
import type { HubAddress } from '../configuration/decodeSettings';
import type { Platform } from '../platform';
import { settings } from '../settings';
import type { HubTokens } from './hubTokens';

export interface HubsOptions {
  readonly hub: Hub;
  readonly platform: Pick<Platform, 'openSocket' | 'fetch'>;
  readonly tokens: HubTokens;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly onAwake: Event<void>;
}

/** A hub of the settings, as a row shows it. */
export interface HubRow extends HubAddress {
  readonly state: ConnectionState;
}

interface Entry {
  readonly address: HubAddress;
  readonly link: HubLink;
  readonly owned: DisposableStore;
  readonly sources: Map<string, SourceDefinition>;
}

/** Keeps a connection to each hub of the settings, and in the editor's own hub a source for each of theirs. */
export class Hubs implements Disposable {
  readonly #options: HubsOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #changed: Emitter<void>;
  readonly #following: vscode.Disposable;
  #isStarted = false;

  constructor(options: HubsOptions) {
    this.#options = options;
    this.#changed = new Emitter((error) => options.logger.error('A listener failed', error));
    this.#following = settings.onHubsChanged(() => this.#follow(true));
  }

  /** Of those without a cluster, what is to be shown instead. */
  get rows(): readonly HubRow[] {
    return [...this.#entries.values()]
      .filter(({ sources }) => sources.size === 0)
      .map(({ address, link }) => ({ ...address, state: link.state }));
  }

  /** `rows` are others. */
  get onChanged(): Event<void> {
    return this.#changed.event;
  }

  /** All of the settings. */
  get addresses(): readonly HubAddress[] {
    return [...this.#entries.values()].map(({ address }) => address);
  }

  /** The hub that has this source. */
  hubOf(source: string): HubAddress | undefined {
    return [...this.#entries.values()].find(({ sources }) => sources.has(source))?.address;
  }

  /** Follows the settings from now on; with `isConnecting` the hubs are connected at once. */
  start(isConnecting: boolean): void {
    this.#isStarted = true;
    this.#follow(isConnecting);
  }

  /** Connects to a hub now, whatever kept it from that. */
  retry(url: string): void {
    const link = this.#entries.get(url)?.link;
    link?.start();
    link?.retryNow();
  }

  /** Whether a hub can be reached with these credentials; it need not be one of the settings. */
  try(address: HubAddress, credentials: Credentials, signal: AbortSignal): Promise<HubTrial> {
    return tryHub(this.#linkOptions(address, credentials), signal);
  }

  dispose(): void {
    this.#following.dispose();
    for (const { owned } of this.#entries.values()) {
      owned.dispose();
    }
    this.#entries.clear();
    this.#changed.dispose();
  }

  #follow(isConnecting: boolean): void {
    if (!this.#isStarted) {
      return;
    }
    const wanted = new Map(settings.hubs().map((address) => [address.url, address]));
    for (const [url, entry] of this.#entries) {
      if (!wanted.has(url)) {
        this.#entries.delete(url);
        entry.owned.dispose();
        this.#apply(entry, []);
      }
    }
    for (const [url, address] of wanted) {
      if (!this.#entries.has(url)) {
        this.#add(address, isConnecting);
      }
    }
    this.#changed.fire();
  }

  #add(address: HubAddress, isConnecting: boolean): void {
    const owned = new DisposableStore();
    const credentials = this.#options.tokens.credentials(address.url);
    const link = owned.add(new HubLink(this.#linkOptions(address, credentials)));
    const entry: Entry = { address, link, owned, sources: new Map() };
    this.#entries.set(address.url, entry);
    owned.add(link.onSourcesChanged((definitions) => this.#apply(entry, definitions)));
    owned.add(
      link.onStateChanged(() => {
        if (entry.sources.size === 0) {
          this.#changed.fire();
        }
      }),
    );
    if (isConnecting) {
      link.start();
    }
  }

  #apply(entry: Entry, definitions: readonly SourceDefinition[]): void {
    const { hub } = this.#options;
    const { sources } = entry;
    const wanted = new Map(definitions.map((definition) => [definition.id, definition]));
    for (const [id, { label }] of sources) {
      if (wanted.get(id)?.label !== label) {
        sources.delete(id);
        hub.removeSource(id);
      }
    }
    for (const [id, definition] of wanted) {
      if (!sources.has(id)) {
        sources.set(id, definition);
        hub.addSource(definition).connect();
      }
    }
    this.#changed.fire();
  }

  #linkOptions(address: HubAddress, credentials: Credentials) {
    const { platform, clock, random, logger, onAwake } = this.#options;
    const { openSocket, fetch } = platform;
    const connection = DEFAULT_CONNECTION_SETTINGS;
    const ways = { settings: connection, openSocket, fetch };
    return { ...address, credentials, ...ways, clock, random, logger, onAwake };
  }
}
