import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import * as fc from 'fast-check';
import type { InitialState } from '../../src/informer/initialState';
import { FollowedCluster, type Setup } from './informer/followedCluster';
import { informerCommand } from './informer/informerCommands';

const SEQUENCES = 420;
/** Each has half as many on average. */
const MAX_COMMANDS = 100;
const MIN_OPERATIONS = 10_000;
const LIMIT_MS = 120_000;

/** To see a failure again: as the failure says. The seed alone plays everything, the path only what failed. */
const seed = Number(process.env['SEED'] ?? randomInt(2 ** 31));
const path = process.env['SEED_PATH'];
const replayPath = process.env['REPLAY_PATH'];

const setups: fc.Arbitrary<Setup> = fc.record({
  seed: fc.nat({ max: 2 ** 20 }),
  hasStory: fc.nat({ max: 4 }).map((number) => number === 4),
  isSelective: fc.boolean(),
  maxPage: fc.constantFrom(500, 1, 2, 4),
  mayReadIdentity: fc.constantFrom(true, true, true, false),
  isVisible: fc.boolean(),
  initialState: fc.constantFrom<InitialState[]>('list', 'watchList'),
});

const commands = fc.commands([informerCommand], {
  maxCommands: MAX_COMMANDS,
  size: 'max',
  ...(replayPath !== undefined && { replayPath }),
});

describe('An informer on the demo cluster', () => {
  it(`equals it after any sequence of changes and faults (SEED=${seed})`, async () => {
    let operations = 0;
    const property = fc.asyncProperty(setups, commands, async (setup, sequence) => {
      const world = new FollowedCluster(setup);
      try {
        await world.begin();
        await fc.asyncModelRun(() => ({ model: world.expected, real: world }), sequence);
        await world.quieten();
        await world.finish();
        operations += world.operations;
      } catch (error) {
        world.abandon();
        throw error;
      }
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
