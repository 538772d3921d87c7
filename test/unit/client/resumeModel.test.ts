import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { ResumeWorld } from './resumeWorld';

const NAMES = ['a', 'b', 'c', 'constructor', '__proto__', 'x.y'];
const SOURCES = ['s', 'refresh-1'];

/** What clients subscribe to, each list in a subscription of its own. */
const SUBSCRIPTIONS: readonly (readonly (readonly string[])[])[] = [
  [['cluster.s.*', 'connection.s']],
  [['cluster.s.*'], ['cluster.*.*', 'connection.*']],
  [['cluster.**'], ['alert.*.*'], ['command.*', 'alert.s.*']],
  [['cluster.s.*'], ['**']],
];

const name = fc.constantFrom(...NAMES);
const source = fc.constantFrom(...SOURCES);
const hub = fc.nat(1);
const index = fc.nat(5);
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ type: fc.constant('put' as const), source, name }) },
  { weight: 4, arbitrary: fc.record({ type: fc.constant('delete' as const), source, name }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('recreate' as const), source, name }) },
  {
    weight: 6,
    arbitrary: fc.record({
      type: fc.constant('wait' as const),
      ms: fc.constantFrom(0, 1, 3, 12, 300, 3_000),
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('deafen' as const), source }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('cut' as const), source }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('relist' as const), source }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('connect' as const), source, hub }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('replaceSource' as const), source, hub }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('renewHub' as const), hub }) },
  { weight: 4, arbitrary: fc.record({ type: fc.constant('alert' as const), source, index }) },
  { weight: 4, arbitrary: fc.record({ type: fc.constant('command' as const), index }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('flood' as const), source, count: fc.constantFrom(3, 40, 400) }) }, // prettier-ignore
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('burst' as const),
      source,
      pauses: fc.array(fc.constantFrom(0, 1, 3, 12), { minLength: 1, maxLength: 4 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('limit' as const),
      queuedEvents: fc.constantFrom(1, 3, 10_000),
      replayedEvents: fc.constantFrom(2, 10, 1_000),
    }),
  },
  { weight: 3, arbitrary: fc.constant({ type: 'paint' as const }) },
  { weight: 3, arbitrary: fc.constant({ type: 'hide' as const }) },
  { weight: 4, arbitrary: fc.constant({ type: 'show' as const }) },
  { weight: 3, arbitrary: fc.constant({ type: 'reload' as const }) },
  { weight: 4, arbitrary: fc.record({ type: fc.constant('open' as const), hub }) },
  { weight: 2, arbitrary: fc.constant({ type: 'check' as const }) },
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

async function play(world: ResumeWorld, each: Step): Promise<void> {
  switch (each.type) {
    case 'put':
      world.server(each.source).put(each.name);
      return;
    case 'delete':
      world.server(each.source).delete(each.name);
      return;
    case 'recreate':
      world.server(each.source).delete(each.name);
      world.server(each.source).put(each.name);
      return;
    case 'wait':
      await world.clock.advance(each.ms);
      return;
    case 'deafen':
      world.server(each.source).deafenWatches();
      return;
    case 'cut':
      world.server(each.source).cutWatches();
      return;
    case 'relist':
      world.server(each.source).collection.compact();
      world.server(each.source).cutWatches();
      return;
    case 'connect':
      world.switchConnection(each.hub, each.source);
      return;
    case 'replaceSource':
      world.replaceSource(each.hub, each.source);
      return;
    case 'renewHub':
      world.renewHub(each.hub);
      return;
    case 'alert':
      world.raise(each.source, each.index);
      return;
    case 'command':
      world.progress(each.index);
      return;
    case 'flood':
      flood(world, each.source, each.count);
      return;
    case 'burst':
      for (const ms of each.pauses) {
        flood(world, each.source, 3);
        await world.clock.advance(ms);
      }
      world.reload();
      return;
    case 'limit':
      world.setLimits(each.queuedEvents, each.replayedEvents);
      return;
    case 'paint':
      world.frames.paint();
      return;
    case 'hide':
      world.setVisible(false);
      return;
    case 'show':
      world.setVisible(true);
      return;
    case 'reload':
      world.reload();
      return;
    case 'open':
      world.open(each.hub);
      return;
    case 'check':
      await world.check();
      return;
    default:
      each satisfies never;
  }
}

function flood(world: ResumeWorld, id: string, count: number): void {
  for (let n = 0; n < count; n += 1) {
    world.server(id).put(`flood-${n}`);
    world.raise(id, n);
  }
}

describe('What a client is told after a gap', () => {
  it('covers everything that is different, over random changes, floods, relists, outages, hiding, reloads and other hubs', async function () {
    this.timeout(60_000);
    const outcomes = { resumed: 0, reset: 0 };
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...SUBSCRIPTIONS),
        fc.array(step, { minLength: 10, maxLength: 60 }),
        async (subscriptions, steps) => {
          const world = new ResumeWorld(SOURCES);
          try {
            for (const id of SOURCES) {
              world.server(id).put('a');
              world.server(id).put('b');
            }
            await world.clock.advance(1_000);
            await world.begin(subscriptions);
            for (const each of steps) {
              await play(world, each);
            }
            world.setVisible(true);
            await world.check();
            outcomes.resumed += world.outcomes.resumed;
            outcomes.reset += world.outcomes.reset;
          } finally {
            world.dispose();
            await world.clock.settle();
          }
          assert.equal(world.clock.pendingTimers, 0);
        },
      ),
      { numRuns: 150 },
    );
    // Where everything was a reset, nothing was shown.
    assert.ok(outcomes.resumed > outcomes.reset / 10, JSON.stringify(outcomes));
  });
});
