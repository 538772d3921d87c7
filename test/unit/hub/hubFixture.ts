import assert from 'node:assert/strict';
import { DisposableStore, type Disposable } from '../../../src/base/disposable';
import type { KubeFetch } from '../../../src/base/kubeFetch';
import type { Logger } from '../../../src/base/logger';
import type { Random } from '../../../src/base/random';
import { createDemoCluster, type DemoCluster } from '../../../src/demo/demoCluster';
import type { Guest } from '../../../src/hub/guest';
import { Hub } from '../../../src/hub/hub';
import type { HubSettings, SettingsSource } from '../../../src/hub/hubSettings';
import type { CommandRunner } from '../../../src/hub/requestHandlers';
import { Session } from '../../../src/hub/session';
import type { Source } from '../../../src/hub/source';
import type { Channel } from '../../../src/protocol/channel';
import type { HubEvent } from '../../../src/protocol/hubEvent';
import type { ClientMessage, ServerMessage, View } from '../../../src/protocol/messages';
import type { SourceState } from '../../../src/protocol/sourceState';
import { FakeClock } from '../../support/fakeClock';
import { FaultServer } from '../../support/faultServer/faultServer';
import { channelPair } from './channelPair';

/** Half of every range: a first back-off of 400 ms. */
const MIDDLE: Random = { next: () => 0.5 };

/** A hub, the clusters behind its sources, and its clients. */
export class HubFixture {
  readonly clock = new FakeClock();
  readonly random = MIDDLE;
  readonly logged: string[] = [];
  readonly logger: Logger;
  readonly hub: Hub;
  /** Everything that the hub told. */
  readonly events: HubEvent[] = [];
  /** Released at the end, before the hub. */
  readonly owned = new DisposableStore();
  /** Demo clusters in the order in which they were opened. */
  readonly demos: DemoCluster[] = [];
  readonly #servers: FaultServer[] = [];
  readonly #listening: Disposable;
  #publishedUpTo = 0;
  runCommand: CommandRunner = () => Promise.resolve();

  constructor(settings?: SettingsSource<HubSettings>) {
    const log = (message: string, cause?: unknown): void => {
      this.logged.push(cause instanceof Error ? `${message}: ${cause.message}` : message);
    };
    this.logger = { debug: () => {}, info: () => {}, warn: log, error: log };
    const { clock, random, logger } = this;
    this.hub = new Hub({ clock, random, logger, ...(settings === undefined ? {} : { settings }) });
    this.#listening = this.owned.add(this.hub.onEvent((event) => this.events.push(event)));
  }

  /** A source that opens a demo cluster each time it is connected. */
  addDemo(id = 'demo'): Source {
    return this.hub.addSource({
      id,
      kind: 'demo',
      label: 'Demo',
      open: () => {
        const demo = createDemoCluster({ clock: this.clock, seed: 7 });
        demo.start();
        this.demos.push(demo);
        return Promise.resolve(demo);
      },
    });
  }

  addServer(server: FaultServer, id = 's', fetch: KubeFetch = server.fetch): Source {
    this.#servers.push(server);
    const open = () => Promise.resolve({ fetch, dispose: () => {} });
    return this.hub.addSource({ id, kind: 'kubeconfig', label: id, open });
  }

  /** Connects, and waits until it is live. */
  async goLive(source: Source): Promise<void> {
    source.connect();
    await this.clock.advance(100);
    assert.equal(source.status().state.type, 'live', JSON.stringify(source.status()));
  }

  /** A server with these personas as the live source `s`. */
  async liveServer(...names: readonly string[]): Promise<{ server: FaultServer; source: Source }> {
    const server = new FaultServer();
    for (const name of names) {
      server.put(name);
    }
    const source = this.addServer(server);
    await this.goLive(source);
    return { server, source };
  }

  /** Serves a view, or a client that shows what it likes; `client` is its end of the channel. */
  serve(view?: View, guest?: Guest): { session: Session; client: Channel<ClientMessage> } {
    const { here, there } = channelPair<ServerMessage, ClientMessage>();
    const session = this.owned.add(
      new Session({
        hub: this.hub,
        ...(guest === undefined ? {} : { guest }),
        channel: here,
        clock: this.clock,
        random: this.random,
        logger: this.logger,
        hello: () => ({ ...(view === undefined ? {} : { view }), language: 'en', texts: {} }),
        runCommand: (command, signal, onProgress, logs) => this.runCommand(command, signal, onProgress, logs),
        logTailLines: () => 20,
      }),
    );
    return { session, client: there };
  }

  /** What the hub told since the last call, e.g. `cluster.added a`, `connection.state s`. */
  takeEvents(): string[] {
    return this.events.splice(0).map((event) => {
      const { data } = event;
      return `${event.type} ${'name' in data ? data.name : 'source' in data ? data.source : data.id}`;
    });
  }

  /** From now on the fixture is none of those who listen, and `events` stays as it is. */
  stopListening(): void {
    this.#listening.dispose();
  }

  /** What the hub told since the last call whether or not anybody listened, the latest event of each topic. */
  takePublished(...patterns: readonly string[]): readonly HubEvent[] {
    const { events } = this.hub.replay(patterns, { after: this.#publishedUpTo });
    this.#publishedUpTo = this.hub.position.sequence;
    return events;
  }

  stateOf(id: string): SourceState['type'] | undefined {
    return this.hub.source(id)?.status().state.type;
  }

  /** Ends it, and checks that nothing of it goes on. */
  async finish(): Promise<void> {
    this.owned.dispose();
    this.hub.dispose();
    await this.clock.settle();
    assert.equal(this.clock.pendingTimers, 0, 'a timer is left');
    for (const demo of this.demos) {
      assert.equal(demo.openBodyCount, 0, 'an answer of the demo cluster is left open');
    }
    for (const server of this.#servers) {
      assert.equal(server.openExchanges, 0, 'an exchange is left open');
    }
  }
}

/** The body of a test that is given a hub, whose end leaves nothing behind. */
export function withHub(
  body: (fixture: HubFixture) => Promise<void>,
  settings?: SettingsSource<HubSettings>,
): () => Promise<void> {
  return async () => {
    const fixture = new HubFixture(settings);
    try {
      await body(fixture);
    } catch (error) {
      fixture.owned.dispose();
      fixture.hub.dispose();
      throw error;
    }
    await fixture.finish();
  };
}
