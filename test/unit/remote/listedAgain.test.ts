import assert from 'node:assert/strict';
import { Emitter } from '../../../src/base/emitter';
import { nullLogger } from '../../../src/base/logger';
import { HubLink } from '../../../src/remote/hubLink';
import { DEFAULT_CONNECTION_SETTINGS } from '../../../src/transport/connectionSettings';
import { FakeClock } from '../../support/fakeClock';
import { ScriptedCredentials } from '../transport/scriptedCredentials';
import { ScriptedSockets, type ScriptedSocket } from '../transport/scriptedSocket';

function rethrow(error: unknown): never {
  throw error;
}

/** Ids of the requests for the list of sources that came so far. */
function listsAskedOf(socket: ScriptedSocket): number[] {
  return socket.sent.flatMap((message) => {
    const { type, method, id } = message as { type: string; method?: string; id: number };
    return type === 'request' && method === 'sources.list' ? [id] : [];
  });
}

/** A hub in the hands of a test, and a link to it on behalf of the hub `me`. */
class ScriptedHub {
  readonly clock = new FakeClock();
  readonly #sockets = new ScriptedSockets();
  readonly link = new HubLink({
    url: 'https://hub.test',
    label: 'the hub',
    clock: this.clock,
    random: { next: () => 0.5 },
    logger: nullLogger,
    settings: DEFAULT_CONNECTION_SETTINGS,
    openSocket: this.#sockets.open,
    fetch: () => assert.fail('the WebSocket works'),
    credentials: new ScriptedCredentials(undefined),
    onAwake: new Emitter<void>(rethrow).event,
    self: 'me',
  });
  /** How many sources it had, as often as it said so. */
  readonly counts: number[] = [];
  #told = 0;

  constructor() {
    this.link.onListed((count) => this.counts.push(count));
  }

  get lists(): number {
    return listsAskedOf(this.#sockets.last).length;
  }

  async open(): Promise<void> {
    this.link.start();
    await this.clock.settle();
    const socket = this.#sockets.last;
    socket.connect();
    socket.greet({ heartbeatMs: 600_000 });
    socket.hello();
    await this.clock.settle();
  }

  async fail(): Promise<void> {
    const socket = this.#sockets.last;
    const problem = { code: 'throttled', detail: 'not now' };
    socket.say({ type: 'error', id: listsAskedOf(socket).at(-1), problem });
    await this.clock.settle();
  }

  /** Answers the last list: what stands behind a source's id are the hubs through which it comes. */
  async list(sources: Readonly<Record<string, readonly string[]>>): Promise<void> {
    const socket = this.#sockets.last;
    const listed = Object.entries(sources).map(([source, hubs]) => ({
      source,
      kind: 'hub',
      label: source,
      state: { type: 'live' },
      count: 1,
      hubs,
    }));
    const result = { sources: listed, hub: 'other' };
    socket.say({ type: 'response', id: listsAskedOf(socket).at(-1), result });
    await this.clock.settle();
  }

  async tell(source: string): Promise<void> {
    this.#told += 1;
    const data = { source, name: 'a' };
    const about = { topic: `cluster.${source}.a`, cursor: `c${this.#told}`, at: 1, priority: 'normal' };
    this.#sockets.last.say({ type: 'events', events: [{ type: 'cluster.updated', data, ...about }] });
    await this.clock.settle();
  }

  async end(): Promise<void> {
    this.link.dispose();
    await this.clock.settle();
    assert.equal(this.clock.pendingTimers, 0);
  }
}

describe('What a hub has', () => {
  let hub: ScriptedHub;

  beforeEach(async () => {
    hub = new ScriptedHub();
    await hub.open();
  });

  afterEach(() => hub.end());

  it('is asked again where it could not say it, until it can', async () => {
    assert.equal(hub.lists, 1);
    await hub.fail();
    assert.equal(hub.lists, 1, 'not at once');
    await hub.clock.advance(5_000);
    assert.equal(hub.lists, 2);
    await hub.fail();
    await hub.clock.advance(5_000);
    await hub.list({});
    assert.deepEqual(hub.counts, [0]);
    await hub.clock.advance(60_000);
    assert.equal(hub.lists, 3, 'it said what it has');
  });

  it('is not asked again for what was left out, however often something happens in it', async () => {
    await hub.list({ mine: [], loop: ['me'] });
    assert.deepEqual(hub.counts, [1]);
    for (let times = 0; times < 100; times += 1) {
      await hub.tell('loop');
      await hub.clock.advance(100);
    }
    assert.equal(hub.lists, 1);
  });

  it('is asked at once where something happens in what it did not list, and then only now and then', async () => {
    await hub.list({ mine: [] });
    await hub.clock.advance(60_000);
    await hub.tell('new');
    assert.equal(hub.lists, 2);
    await hub.list({ mine: [], new: [] });
    assert.deepEqual(hub.counts, [1, 2]);
    for (let times = 0; times < 100; times += 1) {
      await hub.tell(`invented ${times}`);
      await hub.clock.advance(100);
      await hub.list({ mine: [], new: [] });
    }
    assert.ok(hub.lists > 3 && hub.lists <= 6, `${hub.lists} lists in 10 s`);
    const before = hub.lists;
    await hub.tell('newer');
    await hub.clock.advance(3_000);
    assert.equal(hub.lists, before + 1, 'the last one gets its list');
    await hub.list({ mine: [], new: [], newer: [] });
    assert.equal(hub.counts.at(-1), 3);
    await hub.clock.advance(60_000);
    assert.equal(hub.lists, before + 1);
  });
});
