import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import * as fc from 'fast-check';
import { formatLineTime } from '../../src/logs/lineTime';
import { FakeClock } from '../support/fakeClock';
import { FollowedLog } from '../support/followedLog';
import { LogServer } from '../support/logServer';
import { accountForLines, type WrittenLine } from '../support/accountForLines';

const SEQUENCES = 1_500;
const MIN_LINES = 20_000;
/** Of so many that they are read before the log is followed, too. */
const TAIL_LINES = fc.oneof(fc.integer({ min: 1, max: 20 }), fc.constant(5_000));
const CONTAINER = 'cart/main';
/** 2026-01-01T00:00:00Z, by the node's clock. */
const FIRST_SECOND = Date.UTC(2026, 0, 1) / 1000;
const NS = 1_000_000_000;

/** To see a failure again: as the failure says. */
const seed = Number(process.env['SEED'] ?? randomInt(2 ** 31));
const path = process.env['SEED_PATH'];

type Step =
  /** Lines, so many nanoseconds apart; the same text each where they are `alike`. */
  | { readonly type: 'write'; readonly lines: number; readonly stepNs: number; readonly isAlike: boolean }
  /** The connection breaks in the middle of a line. */
  | { readonly type: 'breakInLine' }
  | { readonly type: 'cut'; readonly how: 'break' | 'end' }
  | { readonly type: 'rotate'; readonly kept: number }
  | { readonly type: 'restart' }
  | { readonly type: 'away'; readonly isAway: boolean }
  /** The node's clock is set back. */
  | { readonly type: 'setBack'; readonly seconds: number }
  | { readonly type: 'sleep'; readonly ms: number }
  | { readonly type: 'reopen' }
  | { readonly type: 'pass'; readonly ms: number };

const write: fc.Arbitrary<Step> = fc.record({
  type: fc.constant('write' as const),
  lines: fc.integer({ min: 1, max: 12 }),
  stepNs: fc.constantFrom(1, 1_000, 300_000_000, 2 * NS),
  isAlike: fc.boolean(),
});
const pass: fc.Arbitrary<Step> = fc.record({
  type: fc.constant('pass' as const),
  ms: fc.constantFrom(1, 100, 1_000, 6_000, 70_000),
});
const other: fc.Arbitrary<Step> = fc.oneof(
  fc.constant<Step>({ type: 'breakInLine' }),
  fc.record({ type: fc.constant('cut' as const), how: fc.constantFrom('break' as const, 'end' as const) }),
  fc.record({ type: fc.constant('rotate' as const), kept: fc.nat(6) }),
  fc.constant<Step>({ type: 'restart' }),
  fc.record({ type: fc.constant('away' as const), isAway: fc.boolean() }),
  fc.record({ type: fc.constant('setBack' as const), seconds: fc.integer({ min: 1, max: 5_000 }) }),
  fc.record({ type: fc.constant('sleep' as const), ms: fc.constantFrom(1_000, 3_600_000) }),
  fc.constant<Step>({ type: 'reopen' }),
);

/** A container that writes numbered lines, a node that keeps and loses them, and a log that follows it. */
class World {
  readonly clock = new FakeClock();
  readonly server = new LogServer();
  readonly written: WrittenLine[] = [];
  readonly log: FollowedLog;
  #ns = 0;
  /** Of which no line was read. */
  #isNewRun = false;
  #isSilent = false;

  constructor(tailLines: number) {
    this.log = new FollowedLog({
      fetch: this.server.fetch,
      target: { namespace: 'shop', pod: 'cart', container: 'main' },
      clock: this.clock,
      random: { next: () => 0.5 },
      tailLines,
    });
  }

  async play(step: Step): Promise<void> {
    const { server, clock } = this;
    switch (step.type) {
      case 'write':
        for (let count = 0; count < step.lines; count += 1) {
          server.write(CONTAINER, this.#line(step.stepNs, step.isAlike));
        }
        break;
      case 'breakInLine':
        server.writePart(CONTAINER, this.#line(1_000, false));
        server.cut('break');
        break;
      case 'cut':
        server.cut(step.how);
        break;
      case 'rotate':
        // Of a run of which nothing was read yet nobody can know what its node gave up.
        if (!this.#isNewRun) {
          server.rotate(CONTAINER, step.kept);
        }
        break;
      case 'restart':
        this.#isNewRun = true;
        this.#isSilent = true;
        server.restart(CONTAINER);
        this.log.log.restart();
        break;
      case 'away':
        server.isAway = step.isAway;
        if (step.isAway) {
          server.cut('break');
        }
        break;
      case 'setBack':
        // While somebody is connected: what a node's clock does meanwhile cannot be known.
        server.isAway = false;
        this.log.log.restart();
        await clock.advance(63_000);
        this.#ns -= step.seconds * NS;
        server.write(CONTAINER, this.#line(1, false));
        break;
      case 'sleep':
        clock.jumpWall(step.ms);
        break;
      case 'reopen':
        this.log.log.reopen();
        break;
      case 'pass':
        await clock.advance(step.ms);
        this.#isNewRun &&= this.log.rows().at(-1)?.time !== this.written.at(-1)?.time || this.#isSilent;
        break;
      default:
        step satisfies never;
    }
    await clock.settle();
  }

  /** Until all is read that can be. */
  async quieten(): Promise<void> {
    this.server.isAway = false;
    await this.clock.advance(120_000);
    this.log.log.restart();
    // Whether something is missing may show only with the next line.
    await this.play({ type: 'write', lines: 1, stepNs: 10_000 * NS, isAlike: false });
    await this.clock.advance(20_000);
  }

  #line(stepNs: number, isAlike: boolean): WrittenLine {
    this.#isSilent = false;
    this.#ns += stepNs;
    const seconds = Math.floor(this.#ns / NS);
    const time = formatLineTime(FIRST_SECOND + seconds, this.#ns - seconds * NS);
    const line = { time, text: isAlike ? 'tick' : `line ${this.written.length}` };
    this.written.push(line);
    return line;
  }
}

describe('A log that is followed', () => {
  it(`accounts for every line after any sequence of faults (SEED=${seed})`, async function () {
    this.timeout(120_000);
    let lines = 0;
    let gaps = 0;
    let missing = 0;
    const steps = fc.array(
      fc.oneof(
        { arbitrary: write, weight: 5 },
        { arbitrary: pass, weight: 3 },
        { arbitrary: other, weight: 4 },
      ),
      {
        maxLength: 30,
        size: 'max',
      },
    );
    const property = fc.asyncProperty(TAIL_LINES, steps, async (tailLines, sequence) => {
      const world = new World(tailLines);
      try {
        for (const step of sequence) {
          await world.play(step);
        }
        await world.quieten();
        const rows = world.log.rows();
        missing += accountForLines(world.written, rows);
        assert.equal(rows.at(-1)?.text, world.written.at(-1)?.text);
        gaps += rows.filter(({ marker }) => marker?.type === 'gap').length;
        lines += world.written.length;
      } finally {
        world.log.dispose();
      }
      await world.clock.settle();
      assert.equal(world.clock.pendingTimers, 0);
      assert.equal(world.server.openBodies, 0);
    });
    const details = await fc.check(property, {
      seed,
      numRuns: SEQUENCES,
      ...(path !== undefined && { path }),
    });
    if (details.failed) {
      const again = `SEED=${details.seed} SEED_PATH=${details.counterexamplePath}`;
      throw new Error(
        `${String(details.errorInstance)}\n${JSON.stringify(details.counterexample)}\n${again}`,
      );
    }
    assert.ok(lines > MIN_LINES, `only ${lines} lines were written`);
    assert.ok(gaps > 100 && missing > 100, `only ${gaps} gaps with ${missing} lines`);
    console.log(`      ${lines} lines, ${missing} of them in ${gaps} gaps`);
  });
});
