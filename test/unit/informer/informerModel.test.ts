import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { between, seededRandom, type Random } from '../../../src/base/random';
import {
  errorLine,
  playLines,
  playStatus,
  type Play,
  type RequestKind,
} from '../../support/faultServer/play';
import { trackLeaks } from '../../support/leakTracker';
import { withInformer, type InformerFixture } from './informerFixture';

const OPERATIONS = 4_000;
/** Operations between two looks at whether all is well. */
const STRETCH = 40;
/** Long enough for every wait: a slow retry, a back-off at its longest, and 75 s until a deaf watch is given up. */
const QUIET_MS = 240_000;

const seed = Number(process.env['SEED'] ?? randomInt(2 ** 31));

/** A step of the model: what happens to the cluster, to the connection, or to the informer. */
type Operation = (fixture: InformerFixture, random: Random) => void | Promise<void>;

function pick<T>(random: Random, choices: readonly T[]): T {
  const choice = choices[Math.floor(random.next() * choices.length)];
  assert.ok(choice !== undefined);
  return choice;
}

const nameOf = (random: Random): string => `persona-${Math.floor(random.next() * 12)}`;

const REFUSALS: readonly Play[] = [
  playStatus(401, 'Unauthorized', 'Unauthorized'),
  playStatus(403, 'Forbidden', 'forbidden'),
  playStatus(410, 'Expired', 'expired'),
  playStatus(429, 'TooManyRequests', 'storage is (re)initializing', { 'retry-after': '2' }),
  playStatus(500, 'InternalError', 'unwell'),
  playStatus(504, 'Timeout', 'Too large resource version'),
  { type: 'refuse', code: 'unreachable' },
  { type: 'refuse', code: 'tls' },
  { type: 'hang' },
  { type: 'stream', chunks: ['{"items":[{"meta'], ending: 'cut' },
  { type: 'stream', chunks: ['{"type":"ADDED","obj'], ending: 'end' },
  playLines([errorLine({ code: 410, reason: 'Expired', message: 'expired' })], 'end'),
];

const OPERATIONS_BY_WEIGHT: readonly (readonly [number, Operation])[] = [
  [30, ({ server }, random) => server.put(nameOf(random), { spec: random.next() })],
  [10, ({ server }, random) => server.delete(nameOf(random))],
  [
    4,
    ({ server }, random) => {
      const name = nameOf(random);
      server.delete(name);
      server.put(name);
    },
  ],
  [3, ({ server }) => server.collection.compact()],
  [3, ({ server }) => server.collection.skipVersions(7)],
  [4, ({ server }) => server.bookmark()],
  [4, ({ server }) => server.endWatches()],
  [4, ({ server }) => server.cutWatches()],
  [2, ({ server }) => server.deafenWatches()],
  [1, ({ server }) => server.sendLine('garbage')],
  [1, ({ server }) => server.sendText('{"type":"AD')],
  [
    2,
    ({ server }, random) => {
      server.isDown = random.next() < 0.4;
      if (server.isDown) {
        server.cutWatches();
      }
    },
  ],
  [
    2,
    ({ server }, random) => {
      server.isFrozen = random.next() < 0.4;
    },
  ],
  [
    5,
    ({ server }, random) => {
      server.play(pick<RequestKind>(random, ['list', 'watch', 'probe', 'identity']), pick(random, REFUSALS));
    },
  ],
  [
    1,
    ({ server }, random) => {
      const uid = pick(random, ['cluster-a', 'cluster-b', 'not told']);
      server.clusterUid = uid === 'not told' ? undefined : uid;
      server.cutWatches();
    },
  ],
  [
    1,
    ({ server }, random) => {
      if (server.isInstalled) {
        server.uninstall();
      } else {
        server.isInstalled = random.next() < 0.8;
      }
    },
  ],
  [
    2,
    ({ server }) => {
      server.expiresBy = server.expiresBy === 'event' ? 'status' : 'event';
    },
  ],
  [2, ({ clock }, random) => clock.jumpWall(between(random, -60_000, 3_600_000))],
  [25, ({ clock }, random) => clock.advance(between(random, 0, 300))],
  [10, ({ clock }, random) => clock.advance(between(random, 0, 40_000))],
  [3, ({ informer }) => informer.retryNow()],
  [3, ({ informer }, random) => informer.setVisible(random.next() < 0.5)],
  [
    1,
    async ({ informer, clock, notifications }, random) => {
      informer.stop();
      const told = notifications.length;
      await clock.advance(between(random, 0, 1_000));
      assert.equal(notifications.length, told, 'something was told after stop');
      informer.start();
    },
  ],
];

const TOTAL_WEIGHT = OPERATIONS_BY_WEIGHT.reduce((sum, [weight]) => sum + weight, 0);

function nextOperation(random: Random): Operation {
  let rest = random.next() * TOTAL_WEIGHT;
  for (const [weight, operation] of OPERATIONS_BY_WEIGHT) {
    rest -= weight;
    if (rest < 0) {
      return operation;
    }
  }
  return () => {};
}

/** Everything works again, and time passes. */
async function quieten({ server, clock, informer }: InformerFixture): Promise<void> {
  server.forgetPlays();
  server.isDown = false;
  server.isFrozen = false;
  server.isInstalled = true;
  informer.setVisible(true);
  await clock.advance(QUIET_MS);
}

describe('Informer: against a model', () => {
  trackLeaks();

  it(
    `equals the cluster whenever ${OPERATIONS} random operations pause (SEED=${seed})`,
    withInformer(
      async (fixture) => {
        const random = seededRandom(seed);
        fixture.informer.start();
        for (let done = 0; done < OPERATIONS; done += 1) {
          await nextOperation(random)(fixture, random);
          if (done % STRETCH === STRETCH - 1) {
            await quieten(fixture);
            fixture.expectState('live');
            fixture.assertInSync();
            assert.deepEqual(fixture.violations, [], `after ${done} operations`);
          }
        }
        assert.ok(fixture.informer.counters.lists > 20);
      },
      { random: seededRandom(seed + 1), renewal: 'works' },
    ),
  ).timeout(60_000);

  it(
    `finds its way back after backups were restored, at any moment (SEED=${seed})`,
    withInformer(
      async (fixture) => {
        const { server, clock, informer } = fixture;
        const random = seededRandom(seed);
        informer.start();
        for (let round = 0; round < 60; round += 1) {
          server.put(nameOf(random));
          await clock.advance(between(random, 0, 100));
          const backup = { version: server.collection.version, names: server.collection.names };
          for (let write = 0; write < 5; write += 1) {
            server.put(`lost-${write}`);
          }
          await clock.advance(between(random, 0, 30_000));
          server.collection.restore(backup.version, backup.names);
          server.cutWatches();
          await clock.advance(QUIET_MS);
          fixture.expectState('live');
          fixture.assertInSync();
        }
      },
      { random: seededRandom(seed + 1) },
    ),
  ).timeout(60_000);
});
