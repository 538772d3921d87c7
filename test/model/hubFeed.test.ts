import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import * as fc from 'fast-check';
import { FollowedHubWorld } from './remote/followedHubWorld';

const SEQUENCES = 300;
const MAX_COMMANDS = 60;
const MIN_OPERATIONS = 3_000;
const LIMIT_MS = 120_000;

/** To see a failure again: as the failure says. */
const seed = Number(process.env['SEED'] ?? randomInt(2 ** 31));
const path = process.env['SEED_PATH'];
const replayPath = process.env['REPLAY_PATH'];

/** Nothing is expected beyond what the world knows itself. */
type Expected = Record<string, never>;

interface Step {
  readonly text: string;
  readonly run: (world: FollowedHubWorld) => void | Promise<void>;
}

function of<T>(weight: number, values: fc.Arbitrary<T>, step: (value: T) => Step) {
  const arbitrary = values.map((value): fc.AsyncCommand<Expected, FollowedHubWorld> => {
    const { text, run } = step(value);
    return {
      check: () => true,
      run: async (_, world) => {
        world.operations += 1;
        await run(world);
        world.check();
        await world.clock.settle();
        world.check();
      },
      toString: () => text,
    };
  });
  return { weight, arbitrary };
}

const names = fc.nat({ max: 6 }).map((number) => `persona-${number}`);
const nothing = fc.constant(undefined);

const steps = fc.oneof(
  of(20, fc.tuple(names, fc.nat({ max: 99 })), ([name, number]) => ({
    text: `write ${name}`,
    run: (world) => world.put(name, number),
  })),
  of(10, names, (name) => ({ text: `delete ${name}`, run: (world) => world.delete(name) })),
  of(4, names, (name) => ({
    text: `delete and write anew ${name}`,
    run: (world) => {
      world.delete(name);
      world.put(name, 0);
    },
  })),
  of(20, fc.constantFrom(1, 100, 1_000, 7_000, 25_000, 100_000), (ms) => ({
    text: `${ms} ms pass`,
    run: async (world) => {
      for (let left = ms; left > 0; left -= 1_000) {
        await world.clock.advance(Math.min(left, 1_000));
        world.check();
      }
    },
  })),
  of(6, nothing, () => ({ text: 'the connection is cut', run: (world) => world.cut() })),
  of(10, nothing, () => ({ text: 'the connection opens', run: (world) => world.open() })),
  of(3, nothing, () => ({ text: 'the hub begins anew', run: (world) => world.restartHub() })),
  of(4, fc.boolean(), (isDown) => ({
    text: isDown ? 'the hub loses its cluster' : 'the hub’s cluster is back',
    run: (world) => {
      world.cluster.isDown = isDown;
      if (isDown) {
        world.cluster.cutWatches();
      }
    },
  })),
  of(3, fc.boolean(), (isFrozen) => ({
    text: isFrozen ? 'the cluster stops' : 'the cluster goes on',
    run: (world) => {
      world.cluster.isFrozen = isFrozen;
      if (!isFrozen) {
        world.cluster.cutWatches();
      }
    },
  })),
  of(2, nothing, () => ({ text: 'another cluster answers', run: (world) => world.replaceCluster() })),
  of(3, fc.boolean(), (loses) => ({
    text: loses ? 'answers are lost' : 'answers come',
    run: (world) => {
      world.losesAnswers = loses;
    },
  })),
  of(3, fc.boolean(), (isVisible) => ({
    text: isVisible ? 'somebody looks' : 'nobody looks',
    run: (world) => world.setVisible(isVisible),
  })),
);

const commands = fc.commands([steps], {
  maxCommands: MAX_COMMANDS,
  size: 'max',
  ...(replayPath !== undefined && { replayPath }),
});

describe('A cluster that is followed through a hub', () => {
  it(`is never shown as it was not, whatever happens to cluster, hub and connection (SEED=${seed})`, async () => {
    let operations = 0;
    const property = fc.asyncProperty(commands, async (sequence) => {
      const world = new FollowedHubWorld();
      await world.begin();
      await fc.asyncModelRun(() => ({ model: {}, real: world }), sequence);
      await world.quieten();
      await world.finish();
      operations += world.operations;
    });
    const details = await fc.check(property, {
      seed,
      numRuns: SEQUENCES,
      interruptAfterTimeLimit: LIMIT_MS - 10_000,
      markInterruptAsFailure: true,
      ...(path !== undefined && { path }),
    });
    if (details.failed) {
      const again = `SEED=${details.seed} SEED_PATH=${details.counterexamplePath}`;
      throw new Error(
        `${fc.defaultReportMessage(details)}\nTo see it again: ${again}, and REPLAY_PATH as above`,
        { cause: details.errorInstance },
      );
    }
    assert.ok(path !== undefined || operations >= MIN_OPERATIONS, `only ${operations} operations`);
  }).timeout(LIMIT_MS);
});
