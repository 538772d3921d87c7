import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { DisposableStore } from '../../../src/base/disposable';
import { nullLogger } from '../../../src/base/logger';
import { seededRandom } from '../../../src/base/random';
import { Hub } from '../../../src/hub/hub';
import { Session } from '../../../src/hub/session';
import type { HubEvent } from '../../../src/protocol/hubEvent';
import {
  decode,
  PROTOCOL_VERSION,
  serverMessageSchema,
  type ClientMessage,
  type ServerMessage,
} from '../../../src/protocol/messages';
import { DEFAULT_REALTIME_LIMITS } from '../../../src/protocol/realtimeLimits';
import { FakeClock } from '../../support/fakeClock';
import { FaultServer } from '../../support/faultServer/faultServer';
import { channelPair } from './channelPair';

const NAMES = ['a', 'b', 'c', 'constructor', '__proto__', 'x.y'];
const PATTERNS = ['cluster.s.*', 'connection.s'];

/** Two hubs that follow one cluster, and a client that goes from one to the other. */
class World {
  readonly clock = new FakeClock();
  readonly server = new FaultServer();
  readonly owned = new DisposableStore();
  readonly hubs = [1, 2].map((seed) => this.owned.add(this.#hub(seed)));
  readonly random = seededRandom(3);
  readonly recovered = { ok: 0, reset: 0 };
  /** What the client shows: the ResourceVersion of each persona, as it was when last asked. */
  shown = new Map<string, string>();
  isVisible = true;
  #cursors = new Map<string, string>();
  #workedOff = 0;
  #current = 0;
  #session = this.owned.add(new DisposableStore());
  #serving: Session | undefined;
  #send: (message: ClientMessage) => void = () => {};

  get hub(): Hub {
    return this.hubs[this.#current] ?? assert.fail();
  }

  held(): Map<string, string> {
    const rows = this.hub.listClusters({}).rows;
    return new Map(
      rows.map(({ name }) => [name, this.hub.source('s')?.object(name)?.metadata.resourceVersion ?? '']),
    );
  }

  /** Opens a channel to a hub, as a client does that has just been started; it has what it had. */
  async open(index: number, isFirst = false): Promise<void> {
    this.#session.clear();
    this.#current = index;
    this.isVisible = true;
    const { here, there } = channelPair<ServerMessage, ClientMessage>();
    this.#send = (message) => there.send(message);
    this.#session.add(there.onMessage((data) => this.#receive(data)));
    this.#serving = this.#session.add(
      new Session({
        hub: this.hub,
        channel: here,
        clock: this.clock,
        random: this.random,
        logger: nullLogger,
        hello: () => ({
          view: { type: 'detail', source: 's', name: 'a' },
          limits: DEFAULT_REALTIME_LIMITS,
          language: 'en',
          texts: {},
        }),
        runCommand: () => Promise.resolve(),
        logTailLines: () => 1,
      }),
    );
    this.ready(isFirst);
    await this.clock.settle();
  }

  /** The client starts anew on the same channel. */
  ready(hasNothing = false): void {
    const isFirst = hasNothing || this.#cursors.size === 0;
    this.#send({ type: 'ready', version: PROTOCOL_VERSION });
    this.#send({
      type: 'subscribe',
      id: 1,
      patterns: PATTERNS,
      ...(isFirst ? {} : { cursors: [...this.#cursors.values()] }),
    });
    if (isFirst) {
      // What is asked after a subscription is answered when that is there.
      queueMicrotask(() => {
        this.shown = this.held();
      });
    }
  }

  setVisible(isVisible: boolean): void {
    this.isVisible = isVisible;
    this.#serving?.setVisible(isVisible);
  }

  #receive(data: unknown): void {
    const decoded = decode(serverMessageSchema, data);
    assert.ok(decoded.ok);
    const message = decoded.value;
    if (message.type === 'events') {
      message.events.forEach((event) => this.#told(event));
      // By threes, so that something waits now and then.
      this.#workedOff += 1;
      if (this.#workedOff % 3 === 0) {
        this.#send({ type: 'flow', credits: 3 });
      }
    } else if (message.type === 'recovered') {
      this.recovered[message.ok ? 'ok' : 'reset'] += 1;
      if (!message.ok) {
        // Where it was says nothing about where it is.
        this.#cursors.clear();
        this.shown = this.held();
      }
    }
  }

  #told(event: HubEvent): void {
    const { data } = event;
    if ('source' in data) {
      this.#cursors.set(data.source, event.cursor);
    }
    if (
      event.type === 'cluster.added' ||
      event.type === 'cluster.updated' ||
      event.type === 'cluster.deleted'
    ) {
      const { name } = event.data;
      const version = this.held().get(name);
      if (version === undefined) {
        this.shown.delete(name);
      } else {
        assert.notEqual(event.type, 'cluster.deleted', `${name} is there`);
        this.shown.set(name, version);
      }
    }
  }

  #hub(seed: number): Hub {
    const hub = new Hub({ clock: this.clock, random: seededRandom(seed), logger: nullLogger });
    const open = () => Promise.resolve({ fetch: this.server.fetch, dispose: () => {} });
    hub.addSource({ id: 's', kind: 'kubeconfig', label: 's', open }).connect();
    return hub;
  }
}

const name = fc.constantFrom(...NAMES);
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ type: fc.constant('put' as const), name }) },
  { weight: 4, arbitrary: fc.record({ type: fc.constant('delete' as const), name }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('recreate' as const), name }) },
  {
    weight: 4,
    arbitrary: fc.record({ type: fc.constant('wait' as const), ms: fc.constantFrom(1, 12, 3_000) }),
  },
  { weight: 1, arbitrary: fc.constant({ type: 'deafen' as const }) },
  { weight: 2, arbitrary: fc.constant({ type: 'cut' as const }) },
  { weight: 2, arbitrary: fc.constant({ type: 'relist' as const }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('connect' as const), hub: fc.nat(1) }) },
  { weight: 3, arbitrary: fc.constant({ type: 'hide' as const }) },
  { weight: 3, arbitrary: fc.constant({ type: 'show' as const }) },
  { weight: 3, arbitrary: fc.constant({ type: 'reload' as const }) },
  { weight: 4, arbitrary: fc.record({ type: fc.constant('open' as const), hub: fc.nat(1) }) },
  { weight: 3, arbitrary: fc.constant({ type: 'check' as const }) },
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

async function play(world: World, each: Step): Promise<void> {
  const { server, clock } = world;
  switch (each.type) {
    case 'put':
      server.put(each.name);
      return;
    case 'delete':
      server.delete(each.name);
      return;
    case 'recreate':
      server.delete(each.name);
      server.put(each.name);
      return;
    case 'wait':
      await clock.advance(each.ms);
      return;
    case 'deafen':
      server.deafenWatches();
      return;
    case 'cut':
      server.cutWatches();
      return;
    case 'relist':
      server.collection.compact();
      server.cutWatches();
      return;
    case 'connect': {
      // Or the other way round.
      const source = world.hubs[each.hub]?.source('s');
      if (source?.isConnected === true) {
        source.disconnect();
      } else {
        source?.connect();
      }
      return;
    }
    case 'hide':
      world.setVisible(false);
      return;
    case 'show':
      world.setVisible(true);
      return;
    case 'reload':
      world.ready();
      return;
    case 'open':
      await world.open(each.hub);
      return;
    case 'check':
      await check(world);
      return;
    default:
      each satisfies never;
  }
}

/** Once everything has come to rest, what a visible client shows is what its hub holds. */
async function check(world: World): Promise<void> {
  await world.clock.advance(10_000);
  if (world.isVisible) {
    const sorted = (map: Map<string, string>) => [...map].toSorted(([a], [b]) => (a < b ? -1 : 1));
    assert.deepEqual(sorted(world.shown), sorted(world.held()));
  }
}

describe('What a client is told after a gap', () => {
  it('covers everything that is different, over random changes, relists, outages, hiding, reloads and other hubs', async function () {
    this.timeout(60_000);
    const recovered = { ok: 0, reset: 0 };
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60 }), async (steps) => {
        const world = new World();
        try {
          world.server.put('a');
          world.server.put('b');
          await world.clock.advance(1_000);
          await world.open(0, true);
          for (const each of steps) {
            await play(world, each);
          }
          world.setVisible(true);
          await check(world);
          recovered.ok += world.recovered.ok;
          recovered.reset += world.recovered.reset;
        } finally {
          world.owned.dispose();
          await world.clock.settle();
        }
        assert.equal(world.clock.pendingTimers, 0);
      }),
      { numRuns: 200 },
    );
    // Where everything was a reset, nothing was shown.
    assert.ok(recovered.ok > recovered.reset, JSON.stringify(recovered));
  });
});
