import { DisposableStore } from '../base/disposable';
import { Emitter, type Event } from '../base/emitter';
import type { SourceDefinition } from '../hub/source';
import type { ConnectionState } from '../transport/connectionState';
import { HubHttp } from '../transport/web/hubHttp';
import { detectHub } from './detectHub';
import type { HubFollower, HubKind } from './hubFollower';
import { HubLink, type HubLinkOptions } from './hubLink';
import { PlatformLink } from './platformLink';

/**
 * Follows whatever is at an address: a hub, or a platform that knows its own interface alone. It begins as if it were a hub.
 * Whenever a connection does not come about it asks over HTTP which of the two it is, and goes on as what it finds.
 */
export class FollowedHub implements HubFollower {
  readonly #options: HubLinkOptions;
  readonly #http: HubHttp;
  readonly #owned = new DisposableStore();
  readonly #abort = new AbortController();
  readonly #stateChanged: Emitter<ConnectionState>;
  readonly #sourcesChanged: Emitter<readonly SourceDefinition[]>;
  readonly #listed: Emitter<number>;
  #current: { readonly follower: HubFollower; readonly owned: DisposableStore };
  #isStarted = false;
  #isDetecting = false;
  /** Some connection came about, so that it is known what is there. */
  #isKnown = false;

  constructor(options: HubLinkOptions) {
    this.#options = options;
    this.#http = new HubHttp({ ...options, baseUrl: options.url });
    const onListenerError = (error: unknown): void => options.logger.error('A listener failed', error);
    this.#stateChanged = new Emitter(onListenerError);
    this.#sourcesChanged = new Emitter(onListenerError);
    this.#listed = new Emitter(onListenerError);
    this.#current = this.#follow('hub');
    this.#owned.add({ dispose: () => this.#abort.abort(new Error('the hub was removed')) });
    this.#owned.add({ dispose: () => this.#current.owned.dispose() });
  }

  get kind(): HubKind {
    return this.#current.follower.kind;
  }

  /** Until it is known what is there, trouble of one kind may only mean that it is the other one. */
  get state(): ConnectionState {
    const { state } = this.#current.follower;
    return this.#isDetecting && !this.#isKnown && isTrouble(state) ? { type: 'connecting' } : state;
  }

  get onStateChanged(): Event<ConnectionState> {
    return this.#stateChanged.event;
  }

  get onSourcesChanged(): Event<readonly SourceDefinition[]> {
    return this.#sourcesChanged.event;
  }

  get onListed(): Event<number> {
    return this.#listed.event;
  }

  start(): void {
    this.#isStarted = true;
    this.#current.follower.start();
  }

  retryNow(): void {
    this.#current.follower.retryNow();
  }

  dispose(): void {
    this.#owned.dispose();
    this.#stateChanged.dispose();
    this.#sourcesChanged.dispose();
    this.#listed.dispose();
  }

  #follow(kind: HubKind) {
    const owned = new DisposableStore();
    const follower = owned.add(kind === 'hub' ? new HubLink(this.#options) : new PlatformLink(this.#options));
    owned.add(follower.onStateChanged((state) => this.#changed(state)));
    owned.add(follower.onSourcesChanged((definitions) => this.#sourcesChanged.fire(definitions)));
    owned.add(follower.onListed((count) => this.#listed.fire(count)));
    return { follower, owned };
  }

  #changed(state: ConnectionState): void {
    if (state.type === 'open') {
      this.#isKnown = true;
    } else if (isTrouble(state) && !this.#isDetecting && !this.#owned.isDisposed) {
      this.#isDetecting = true;
      void this.#detect();
    }
    this.#stateChanged.fire(this.state);
  }

  async #detect(): Promise<void> {
    let found: HubKind | undefined;
    try {
      found = await detectHub(this.#http, this.#abort.signal);
    } catch {
      return;
    }
    this.#isDetecting = false;
    // It may have come about meanwhile.
    if (found !== undefined && found !== this.kind && isTrouble(this.#current.follower.state)) {
      this.#options.logger.info(`${this.#options.label} is a ${found}`);
      const before = this.#current;
      this.#current = this.#follow(found);
      before.owned.dispose();
      if (this.#isStarted) {
        this.#current.follower.start();
      }
    }
    this.#stateChanged.fire(this.state);
  }
}

function isTrouble(state: ConnectionState): boolean {
  return state.type === 'reconnecting' || state.type === 'failed';
}
