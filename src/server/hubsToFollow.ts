import type { Clock } from '../base/clock';
import { DisposableStore, toDisposable, type Disposable } from '../base/disposable';
import type { Event } from '../base/emitter';
import type { Logger } from '../base/logger';
import type { Random } from '../base/random';
import type { Hub } from '../hub/hub';
import { FollowedHub } from '../remote/followedHub';
import { KeptSources } from '../remote/keptSources';
import { DEFAULT_CONNECTION_SETTINGS, type ConnectionSettings } from '../transport/connectionSettings';
import type { Credentials } from '../transport/credentials';
import { FileCredentials } from './fileCredentials';
import type { HubArgument } from './serverArguments';

export interface HubsToFollowOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

/** A machine that serves does not sleep, and whatever network comes is noticed by the next attempt. */
const NEVER: Event<void> = () => toDisposable(() => {});
const NO_TOKEN: Credentials = { token: () => Promise.resolve(undefined), onChanged: NEVER };

/** Nobody looks who could ask for another try once a hub's tokens, or what stands before it, were put right. */
const SETTINGS: ConnectionSettings = { ...DEFAULT_CONNECTION_SETTINGS, retryRefusedMs: 5 * 60_000 };

/** Other hubs whose clusters are served too. */
export class HubsToFollow {
  readonly #options: HubsToFollowOptions;
  readonly #hubs: readonly (HubArgument & { readonly credentials: Credentials })[];
  readonly #owned: DisposableStore;

  private constructor(
    options: HubsToFollowOptions,
    hubs: readonly (HubArgument & { readonly credentials: Credentials })[],
    owned: DisposableStore,
  ) {
    this.#options = options;
    this.#hubs = hubs;
    this.#owned = owned;
  }

  /** Reads their tokens. Rejects with {@link StartError} where one cannot be read. */
  static async open(hubs: readonly HubArgument[], options: HubsToFollowOptions): Promise<HubsToFollow> {
    const owned = new DisposableStore();
    const opened = [];
    try {
      for (const hub of hubs) {
        const { tokenFile } = hub;
        const credentials =
          tokenFile === undefined
            ? NO_TOKEN
            : owned.add(await FileCredentials.open(tokenFile, options.clock, options.logger));
        opened.push({ ...hub, credentials });
      }
    } catch (error) {
      owned.dispose();
      throw error;
    }
    return new HubsToFollow(options, opened, owned);
  }

  /** Keeps a source in `hub` for each of theirs, but for those that lead back to it. The result ends it. */
  follow(hub: Hub): Disposable {
    for (const { url, label, credentials } of this.#hubs) {
      const followed = this.#owned.add(
        new FollowedHub({
          ...this.#options,
          url,
          label,
          credentials,
          self: hub.instance,
          settings: SETTINGS,
          openSocket: (address) => new WebSocket(address),
          fetch: (address, options) => fetch(address, options),
          onAwake: NEVER,
        }),
      );
      const sources = new KeptSources(hub, this.#options.logger);
      this.#owned.add(followed.onSourcesChanged((definitions) => sources.keep(definitions)));
      followed.start();
    }
    return this.#owned;
  }
}
