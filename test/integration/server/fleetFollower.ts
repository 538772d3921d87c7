import { systemClock } from '../../../src/base/clock';
import { DisposableStore, type Disposable } from '../../../src/base/disposable';
import { Emitter } from '../../../src/base/emitter';
import { nullLogger } from '../../../src/base/logger';
import { systemRandom } from '../../../src/base/random';
import { HubClient } from '../../../src/client/hubClient';
import { ProblemError } from '../../../src/protocol/problem';
import { ConnectionManager } from '../../../src/transport/connectionManager';
import { DEFAULT_CONNECTION_SETTINGS } from '../../../src/transport/connectionSettings';
import { webSocketRoute } from '../../../src/transport/web/webSocketChannel';

function rethrow(error: unknown): never {
  throw error;
}

/**
 * A client of a hub's own face, made of what the editor's extension has: it subscribes to the same, and asks for each persona that
 * it is told of. It never asks for everything, so that whatever is missed stays wrong.
 */
export class FleetFollower implements Disposable {
  /** What it was told of each persona last: the description of its spec; undefined of one that is gone. */
  readonly known = new Map<string, string | undefined>();
  /** Answers that were older than what it was told of that persona before. */
  readonly steppedBack: string[] = [];
  /** Times that everything would have had to be asked. */
  resets = 0;
  /** Times that it was connected. */
  openings = 0;
  readonly client: HubClient;
  readonly #source: string;
  readonly #owned = new DisposableStore();
  readonly #versions = new Map<string, number>();
  #asking = 0;

  constructor(url: string, source: string, patterns: readonly string[] = ['cluster.*.*', 'connection.*']) {
    this.#source = source;
    const shared = { clock: systemClock, logger: nullLogger };
    const manager = new ConnectionManager({
      ...shared,
      random: systemRandom,
      settings: { ...DEFAULT_CONNECTION_SETTINGS, initialBackoffMs: 20, maxBackoffMs: 100 },
      routes: [webSocketRoute({ ...shared, url, openSocket: (address) => new WebSocket(address) })],
      onAwake: this.#owned.add(new Emitter<void>(rethrow)).event,
    });
    this.client = this.#owned.add(new HubClient(manager, systemClock, rethrow));
    this.#owned.add(
      this.client.onEvents((events) => {
        for (const { data } of events) {
          if ('name' in data && data.source === source && !('component' in data)) {
            void this.#ask(data.name);
          }
        }
      }),
    );
    this.#owned.add(this.client.onRecovered(() => (this.resets += 1)));
    this.#owned.add(this.client.onStateChange(({ type }) => (this.openings += Number(type === 'open'))));
    this.client.subscribe(patterns);
    this.client.connect();
    manager.start();
  }

  /** Nothing that it was told of is still asked for. */
  get isSettled(): boolean {
    return this.#asking === 0;
  }

  dispose(): void {
    this.#owned.dispose();
  }

  async #ask(name: string): Promise<void> {
    this.#asking += 1;
    try {
      const { object } = await this.client.request('clusters.get', { source: this.#source, name });
      const { spec, metadata } = object;
      const version = Number(metadata.resourceVersion);
      if (version < (this.#versions.get(name) ?? 0)) {
        this.steppedBack.push(name);
      }
      this.#versions.set(name, version);
      const { description } = Object(spec);
      this.known.set(name, String(description));
    } catch (error) {
      if (error instanceof ProblemError && error.problem.code === 'notFound') {
        this.known.set(name, undefined);
      } else if (!(error instanceof ProblemError) || error.problem.code !== 'closed') {
        throw error;
      }
    } finally {
      this.#asking -= 1;
    }
  }
}
