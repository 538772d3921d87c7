import * as fc from 'fast-check';
import type { ExpectedCollection } from './expectedCollection';
import { FOLLOWED, type FollowedCluster, type Renewal } from './followedCluster';

/** A step: what happens to the cluster, to the connection, or to the informer. */
export type InformerCommand = fc.AsyncCommand<ExpectedCollection, FollowedCluster>;

interface Step {
  readonly text: string;
  /** Whether it can happen now; always if absent. */
  readonly check?: (expected: Readonly<ExpectedCollection>) => boolean;
  readonly run: (world: FollowedCluster, expected: ExpectedCollection) => void | Promise<void>;
}

function command({ text, check = () => true, run }: Step): InformerCommand {
  return {
    check,
    run: async (expected, world) => {
      world.operations += 1;
      await run(world, expected);
    },
    toString: () => text,
  };
}

/** How often a step comes, in comparison with the others, and what steps of its kind there are. */
type Weighted = fc.WeightedArbitrary<InformerCommand>;

function of<T>(weight: number, values: fc.Arbitrary<T>, step: (value: T) => Step): Weighted {
  return { weight, arbitrary: values.map((value) => command(step(value))) };
}

function one(weight: number, step: Step): Weighted {
  return { weight, arbitrary: fc.constant(command(step)) };
}

const names = fc.nat({ max: 6 }).map((number) => `persona-${number}`);
const labels = fc.boolean().map((isFollowed) => ({ [FOLLOWED]: isFollowed ? 'yes' : 'no' }));
const counts = fc.integer({ min: 1, max: 4 });
const renewals = fc.constantFrom<Renewal[]>('works', 'fails', 'hangs');

const WRITES: readonly Weighted[] = [
  of(20, fc.tuple(names, labels), ([name, labels]) => ({
    text: `create ${name}, ${FOLLOWED} ${labels[FOLLOWED]}`,
    check: (expected) => expected.isInstalled && !expected.has(name),
    run: async ({ cluster }, expected) => expected.put(await cluster.create(name, labels)),
  })),
  of(20, fc.tuple(names, fc.nat({ max: 99 })), ([name, number]) => ({
    text: `patch ${name}`,
    check: (expected) => expected.has(name),
    run: async ({ cluster }, expected) =>
      expected.put(await cluster.patch(name, { spec: { description: `number ${number}` } })),
  })),
  of(20, fc.tuple(names, fc.nat({ max: 99 })), ([name, number]) => ({
    text: `patch the status of ${name}`,
    check: (expected) => expected.has(name),
    run: async ({ cluster }, expected) =>
      expected.put(await cluster.patch(name, { status: { applicationCount: number } }, '/status')),
  })),
  of(8, fc.tuple(names, labels), ([name, labels]) => ({
    text: `label ${name} ${FOLLOWED} ${labels[FOLLOWED]}`,
    check: (expected) => expected.has(name),
    run: async ({ cluster }, expected) => expected.put(await cluster.patch(name, { metadata: { labels } })),
  })),
  of(15, names, (name) => ({
    text: `delete ${name}`,
    check: (expected) => expected.has(name),
    run: async ({ cluster }, expected) => {
      await cluster.delete(name);
      expected.delete(name);
    },
  })),
  of(8, fc.tuple(names, labels), ([name, labels]) => ({
    text: `delete and re-create ${name}, ${FOLLOWED} ${labels[FOLLOWED]}`,
    check: (expected) => expected.has(name),
    run: async ({ cluster }, expected) => {
      await cluster.delete(name);
      expected.put(await cluster.create(name, labels));
    },
  })),
];

const FAULTS: readonly Weighted[] = [
  one(5, { text: 'compact', run: ({ faults }) => void faults.compact() }),
  one(4, { text: 'end the watches', run: ({ faults }) => void faults.cutWatches('end') }),
  one(5, { text: 'break the watches off', run: ({ faults }) => void faults.cutWatches('break') }),
  one(3, { text: 'tell the watches 410', run: ({ faults }) => void faults.expireWatches() }),
  one(3, { text: 'make the watches deaf', run: ({ wire }) => wire.deafen() }),
  one(2, { text: 'a line of garbage', run: ({ faults }) => void faults.garble('line') }),
  one(2, { text: 'half a line of garbage', run: ({ faults }) => void faults.garble('halfLine') }),
  of(4, counts, (count) => ({
    text: `410 for what resumes, ${count} times`,
    run: (world) => world.during(world.faults.expireNext(count)),
  })),
  of(4, counts, (count) => ({
    text: `429, ${count} times`,
    run: (world) => world.during(world.faults.throttleNext(count, 2)),
  })),
  of(4, counts, (count) => ({
    text: `500, ${count} times`,
    run: (world) => world.during(world.faults.failNext(count)),
  })),
  of(3, fc.integer({ min: 1, max: 3_000 }), (maxMs) => ({
    text: `answers take up to ${maxMs} ms`,
    run: (world) => world.during(world.faults.slowDown({ minMs: 0, maxMs })),
  })),
  of(3, counts, (count) => ({
    text: `${count} answers break off`,
    run: ({ wire }) => {
      wire.breakages = count;
    },
  })),
  of(4, fc.boolean(), (isSilent) => ({
    text: isSilent ? 'silence begins' : 'silence ends',
    run: (world) => world.setSilent(isSilent),
  })),
  of(3, fc.constantFrom('unreachable', 'dns', 'tls', 'proxy', undefined), (code) => ({
    text: code === undefined ? 'connections are made again' : `no connection: ${code}`,
    run: ({ wire, faults }) => {
      wire.refusal = code;
      if (code !== undefined) {
        faults.cutWatches('break');
      }
    },
  })),
  of(3, fc.boolean(), (isAllowed) => ({
    text: isAllowed ? 'the permission is granted' : 'the permission is revoked',
    run: ({ cluster }) => {
      cluster.isAllowed = isAllowed;
    },
  })),
  of(4, renewals, (renewal) => ({
    text: `the token is rotated; renewing it ${renewal}`,
    run: (world) => {
      world.cluster.rotateToken();
      world.renewal = renewal;
    },
  })),
  one(1, {
    text: 'the resource is removed, with all objects',
    check: ({ isInstalled }) => isInstalled,
    run: async (world, expected) => {
      if (world.canLoseEverything) {
        await world.cluster.deleteAll();
        expected.replace([]);
        world.cluster.isInstalled = false;
        expected.isInstalled = false;
        world.faults.cutWatches('end');
      }
    },
  }),
  one(2, {
    text: 'the resource is installed again',
    check: ({ isInstalled }) => !isInstalled,
    run: ({ cluster }, expected) => {
      cluster.isInstalled = true;
      expected.isInstalled = true;
    },
  }),
  one(3, {
    text: 'another cluster answers',
    check: ({ isInstalled }) => isInstalled,
    run: (world) => world.replaceCluster(),
  }),
  one(1, {
    text: 'a backup is restored',
    run: (world) => world.restoreBackup(),
  }),
];

const ABOUT_THE_INFORMER: readonly Weighted[] = [
  of(30, fc.nat({ max: 300 }), (ms) => ({ text: `${ms} ms pass`, run: (world) => world.pass(ms) })),
  of(12, fc.nat({ max: 40_000 }), (ms) => ({ text: `${ms} ms pass`, run: (world) => world.pass(ms) })),
  of(10, fc.integer({ min: 1, max: 20 }), (turns) => ({
    text: `promises go on by ${turns}`,
    run: async () => {
      for (let turn = 0; turn < turns; turn += 1) {
        await Promise.resolve();
      }
    },
  })),
  of(3, fc.integer({ min: -60_000, max: 3_600_000 }), (ms) => ({
    text: `the wall clock jumps ${ms} ms`,
    run: (world) => world.sleep(ms),
  })),
  of(4, fc.boolean(), (isVisible) => ({
    text: isVisible ? 'somebody looks' : 'nobody looks',
    run: (world) => world.setVisible(isVisible),
  })),
  one(4, { text: 'retry now', run: ({ informer }) => informer.retryNow() }),
  one(2, { text: 'stop', run: (world) => world.stop() }),
  one(2, { text: 'stop at the next change', run: (world) => world.stopWhenTold() }),
  one(5, { text: 'start', run: (world) => world.start() }),
  one(1, { text: 'another handler comes', run: (world) => world.join() }),
  one(1, { text: 'a handler goes', run: (world) => world.leave() }),
  one(2, { text: 'all is well for a while', run: (world) => world.quieten() }),
];

export const informerCommand: fc.Arbitrary<InformerCommand> = fc.oneof(
  ...WRITES,
  ...FAULTS,
  ...ABOUT_THE_INFORMER,
);
