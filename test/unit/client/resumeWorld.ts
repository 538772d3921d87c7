import assert from 'node:assert/strict';
import { DisposableStore } from '../../../src/base/disposable';
import { Emitter } from '../../../src/base/emitter';
import { nullLogger } from '../../../src/base/logger';
import { seededRandom } from '../../../src/base/random';
import { Hub } from '../../../src/hub/hub';
import { DEFAULT_HUB_SETTINGS } from '../../../src/hub/hubSettings';
import { Session } from '../../../src/hub/session';
import type { Channel } from '../../../src/protocol/channel';
import type { HubEvent } from '../../../src/protocol/hubEvent';
import { PROTOCOL_VERSION, type ClientMessage, type ServerMessage } from '../../../src/protocol/messages';
import { alertTopic, commandTopic } from '../../../src/protocol/topics';
import { topicFilter, type TopicFilter } from '../../../src/protocol/topicFilter';
import { HubClient } from '../../../src/client/hubClient';
import { FakeClock } from '../../support/fakeClock';
import { FaultServer } from '../../support/faultServer/faultServer';
import { FakeFrames } from './fakeFrames';
import { ChangingSettings } from '../hub/changingSettings';

/** How long a message is under way, one after the other. */
const LATENCIES_MS = [0, 0, 1, 0, 4];

function rethrow(error: unknown): never {
  throw error;
}

/** One way of a connection: in order, each a little later than it was sent; what is under way can be lost. */
class Wire<T> {
  readonly arrived = new Emitter<T>(rethrow);
  readonly #clock: FakeClock;
  readonly #owned = new DisposableStore();
  #count = 0;
  #freeAt = 0;

  constructor(clock: FakeClock) {
    this.#clock = clock;
  }

  send(message: T): void {
    const copy = structuredClone(message);
    this.#count += 1;
    const latency = LATENCIES_MS[this.#count % LATENCIES_MS.length] ?? 0;
    const now = this.#clock.monotonic();
    this.#freeAt = Math.max(this.#freeAt, now + latency);
    const timer = this.#owned.add(
      this.#clock.schedule(this.#freeAt - now, () => {
        this.#owned.delete(timer);
        this.arrived.fire(copy);
      }),
    );
  }

  lose(): void {
    this.#owned.clear();
  }
}

/** The number of each stream's last message, as far as somebody knows. */
type Streams = Map<string, number>;

/** Two hubs that follow the same clusters, and a client that goes from one to the other and keeps what it has. */
export class ResumeWorld {
  readonly clock = new FakeClock();
  readonly frames = new FakeFrames();
  readonly outcomes = { resumed: 0, reset: 0 };
  readonly #random = seededRandom(3);
  readonly #servers: Map<string, FaultServer>;
  readonly #settings = new ChangingSettings();
  readonly #hubs: Hub[];
  #made = 0;
  /** What each hub told of alerts and commands. */
  readonly #told = new Map<Hub, Map<string, number[]>>();
  #number = 0;
  #current = 0;
  #isVisible = true;
  readonly #owned = new DisposableStore();
  readonly #serving = this.#owned.add(new DisposableStore());
  #session: Session | undefined;
  readonly #up = new Wire<unknown>(this.clock);
  readonly #down = new Wire<unknown>(this.clock);
  #client: HubClient | undefined;
  #topics: TopicFilter = topicFilter([]);
  /** The ResourceVersion of each persona, as it was when last asked. */
  #shown = new Map<string, string>();
  #streams: Streams = new Map();
  #asked = 0;
  readonly #answers = new Map<string, { readonly shown: Map<string, string>; readonly streams: Streams }>();
  #failure: unknown;
  /** A message of a stream that was left out without a word so far. */
  #gap: string | undefined;

  constructor(sources: readonly string[]) {
    this.#servers = new Map(sources.map((id) => [id, new FaultServer()]));
    this.#hubs = [this.#makeHub(), this.#makeHub()];
  }

  server(id: string): FaultServer {
    return this.#servers.get(id) ?? assert.fail();
  }

  async begin(subscriptions: readonly (readonly string[])[]): Promise<void> {
    this.#topics = topicFilter(subscriptions.flat());
    const messages = new Emitter<unknown>(rethrow);
    const closed = new Emitter<void>(rethrow);
    this.#owned.add(this.#down.arrived.event((message) => messages.fire(message)));
    const channel: Channel<ClientMessage> = {
      onMessage: messages.event,
      onClose: closed.event,
      send: (message) => this.#up.send(message),
      dispose: () => {},
    };
    const client = this.#owned.add(new HubClient(channel, this.clock, rethrow, this.frames.next));
    this.#client = client;
    this.#owned.add(client.onEvents((events) => events.forEach((event) => this.#onEvent(event))));
    this.#owned.add(client.onRecovered(() => void this.#askAnew()));
    this.open(0);
    client.connect();
    await this.clock.advance(20);
    for (const patterns of subscriptions) {
      this.#owned.add(client.subscribe(patterns));
    }
    await this.clock.advance(20);
    void this.#askAnew();
    this.outcomes.reset = 0;
  }

  /** The connection breaks, and is there again, to this hub. */
  open(index: number): void {
    this.#serving.clear();
    this.#up.lose();
    this.#down.lose();
    this.#current = index;
    this.#isVisible = true;
    const messages = new Emitter<unknown>(rethrow);
    this.#serving.add(this.#up.arrived.event((message) => messages.fire(message)));
    const channel: Channel<ServerMessage> = {
      onMessage: messages.event,
      onClose: new Emitter<void>(rethrow).event,
      send: (message) => {
        if (message.type === 'recovered') {
          this.outcomes[message.ok ? 'resumed' : 'reset'] += 1;
        }
        this.#down.send(message);
      },
      dispose: () => {},
    };
    this.#session = this.#serving.add(
      new Session({
        hub: this.#hub,
        channel,
        clock: this.clock,
        random: this.#random,
        logger: nullLogger,
        hello: () => ({ view: { type: 'detail', source: 's', name: 'a' }, language: 'en', texts: {} }),
        runCommand: (command) => {
          // The answer is what there is when the hub is asked.
          if (command.type === 'copy') {
            this.#answers.set(command.text, { shown: this.#held(), streams: this.#toldStreams() });
          }
          return Promise.resolve();
        },
        logTailLines: () => 1,
      }),
    );
    if (this.#client?.state.type === 'open') {
      this.reload();
    }
  }

  /** The host starts anew with the client that it has. */
  reload(): void {
    this.#up.send({ type: 'ready', version: PROTOCOL_VERSION });
  }

  setVisible(isVisible: boolean): void {
    this.#isVisible = isVisible;
    this.#session?.setVisible(isVisible);
  }

  setLimits(queuedEvents: number, replayedEvents: number): void {
    this.#settings.change({ flow: { ...DEFAULT_HUB_SETTINGS.flow, queuedEvents }, replayedEvents });
  }

  switchConnection(hub: number, id: string): void {
    const source = this.#hubs[hub]?.source(id);
    if (source?.isConnected === true) {
      source.disconnect();
    } else {
      source?.connect();
    }
  }

  /** It leaves, or another one comes under its id. */
  replaceSource(index: number, id: string): void {
    const hub = this.#hubs[index] ?? assert.fail();
    if (hub.source(id) === undefined) {
      this.#addSource(hub, id);
    } else {
      hub.removeSource(id);
    }
  }

  /** A hub ends, and one that knows nothing of before is in its place. */
  renewHub(index: number): void {
    if (index === this.#current) {
      this.#serving.clear();
    }
    this.#hubs[index]?.dispose();
    this.#hubs[index] = this.#makeHub();
    if (index === this.#current) {
      this.open(index);
    }
  }

  raise(source: string, index: number): void {
    this.#number += 1;
    this.#hub.publish({
      type: 'alert.raised',
      topic: alertTopic(source, `f${index}`),
      data: { source, fingerprint: String(this.#number), severity: 'warning' },
      priority: this.#number % 3 === 0 ? 'critical' : 'normal',
    });
  }

  progress(index: number): void {
    const id = `refresh-${index}`;
    this.#number += 1;
    this.#hub.publish({
      type: 'command.progress',
      topic: commandTopic(id),
      data: { id, command: 'refresh', state: 'running', done: this.#number },
      priority: 'high',
    });
  }

  /** Once everything has come to rest, what a visible client shows is what its hub holds. */
  async check(): Promise<void> {
    for (let round = 0; round < 40; round += 1) {
      this.frames.paint();
      await this.clock.advance(250);
    }
    if (!this.#isVisible) {
      return;
    }
    assert.equal(this.#failure, undefined);
    assert.deepEqual(sorted(this.#shown), sorted(this.#held()));
    assert.equal(this.#gap, undefined, `${this.#gap} was left out`);
    assert.deepEqual(sorted(this.#streams), sorted(this.#toldStreams()));
  }

  dispose(): void {
    this.#failure = 'over';
    this.#owned.dispose();
    this.#up.lose();
    this.#down.lose();
    for (const hub of this.#hubs) {
      hub.dispose();
    }
  }

  get #hub(): Hub {
    return this.#hubs[this.#current] ?? assert.fail();
  }

  #held(): Map<string, string> {
    const rows = this.#hub
      .listClusters({})
      .rows.filter(({ source, name }) =>
        this.#topics.matches(`cluster.${source}.${name.replaceAll('.', '%2E')}`),
      );
    return new Map(
      rows.map(({ source, name }) => [
        `${source}/${name}`,
        this.#hub.source(source)?.object(name)?.metadata.resourceVersion ?? '',
      ]),
    );
  }

  #toldStreams(): Streams {
    return new Map(
      [...(this.#told.get(this.#hub) ?? [])]
        .filter(([topic]) => this.#topics.matches(topic))
        .map(([topic, numbers]) => [topic, numbers.at(-1) ?? 0]),
    );
  }

  async #askAnew(): Promise<void> {
    this.#asked += 1;
    const text = String(this.#asked);
    try {
      await this.#client?.request('command.run', { command: { type: 'copy', text } });
      const answer = this.#answers.get(text) ?? assert.fail();
      this.#shown = answer.shown;
      this.#streams = answer.streams;
      this.#gap = undefined;
    } catch (error) {
      this.#failure ??= error;
    }
  }

  #onEvent(event: HubEvent): void {
    switch (event.type) {
      case 'cluster.added':
      case 'cluster.updated':
      case 'cluster.deleted': {
        const { source, name } = event.data;
        const key = `${source}/${name}`;
        const version = this.#held().get(key);
        if (version === undefined) {
          this.#shown.delete(key);
        } else {
          this.#shown.set(key, version);
        }
        return;
      }
      case 'alert.raised':
      case 'command.progress':
        this.#onStream(event);
        return;
      default:
    }
  }

  #onStream(event: HubEvent): void {
    const { topic } = event;
    const number = numberOf(event);
    const known = this.#streams.get(topic) ?? 0;
    if (number === undefined || number <= known) {
      // Asked meanwhile.
      return;
    }
    const numbers = this.#told.get(this.#hub)?.get(topic) ?? [];
    if (event.replayed !== true && (numbers[numbers.indexOf(number) - 1] ?? 0) > known) {
      this.#gap ??= `${topic} before ${number}`;
    }
    this.#streams.set(topic, number);
  }

  #addSource(hub: Hub, id: string): void {
    const open = () => Promise.resolve({ fetch: this.server(id).fetch, dispose: () => {} });
    hub.addSource({ id, kind: 'kubeconfig', label: id, open }).connect();
  }

  #makeHub(): Hub {
    this.#made += 1;
    const hub = new Hub({
      clock: this.clock,
      random: seededRandom(this.#made),
      logger: nullLogger,
      settings: this.#settings,
    });
    const told = new Map<string, number[]>();
    this.#told.set(hub, told);
    hub.onEvent((event) => {
      const number = numberOf(event);
      if (number !== undefined) {
        told.set(event.topic, [...(told.get(event.topic) ?? []), number]);
      }
    });
    for (const id of this.#servers.keys()) {
      this.#addSource(hub, id);
    }
    return hub;
  }
}

/** Of the messages that a test had a hub tell; grows with each. */
function numberOf({ data }: HubEvent): number | undefined {
  if ('done' in data) {
    return data.done;
  }
  return 'fingerprint' in data && /^\d+$/.test(data.fingerprint) ? Number(data.fingerprint) : undefined;
}

function sorted<T>(map: Map<string, T>): (readonly [string, T])[] {
  return [...map].toSorted(([a], [b]) => (a < b ? -1 : 1));
}
