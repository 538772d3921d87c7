import assert from 'node:assert/strict';
import { seededRandom } from '../../../../src/base/random';
import { createDemoCluster, type DemoCluster } from '../../../../src/demo/demoCluster';
import { startChaos } from '../../../../src/demo/faults/chaos';
import { DemoFaults } from '../../../../src/demo/faults/demoFaults';
import { JumpingClock } from '../../../../src/demo/faults/jumpingClock';
import { FakeClock } from '../../../support/fakeClock';
import { trackLeaks } from '../../../support/leakTracker';
import { getText } from '../demoReader';

const AN_HOUR_MS = 60 * 60_000;

describe('Chaos', () => {
  let clock: FakeClock;
  let serverClock: JumpingClock;
  let cluster: DemoCluster;
  let faults: DemoFaults;

  beforeEach(() => {
    clock = new FakeClock();
    serverClock = new JumpingClock(clock);
    cluster = createDemoCluster({ clock: serverClock, seed: 1 });
    faults = new DemoFaults({ fetch: cluster.fetch, clock, random: seededRandom(1) });
  });

  afterEach(() => {
    faults.dispose();
    cluster.dispose();
  });

  trackLeaks();

  /** What is told until the time is over; everything is as before then. */
  async function play(seed: number, ms: number): Promise<readonly string[]> {
    const told: string[] = [];
    const chaos = startChaos({
      faults,
      clock,
      serverClock,
      random: seededRandom(seed),
      onEvent: (line) => told.push(line),
    });
    await clock.advance(ms);
    chaos.dispose();
    assert.equal(serverClock.offsetMs, 0);
    assert.equal(clock.pendingTimers, 0);
    assert.equal((await getText(faults.fetch, '/version')).status, 200);
    return told;
  }

  it('plays every kind of fault within an hour or two', async () => {
    const told = (await play(1, 2 * AN_HOUR_MS)).join('\n');
    for (const kind of [
      /answers take up to \d+ ms, for/,
      /0 watches ended/,
      /broken off/,
      /told 410 in the stream/,
      /get 410 where/,
      /get 429/,
      /get 500/,
      /^a line of garbage/m,
      /half a line/,
      /silence, for/,
      /403/,
      /clock jumps .* back/,
      /clock jumps .* ahead/,
    ]) {
      assert.match(told, kind);
    }
  });

  it('plays the same with the same seed, and something else with another', async () => {
    const first = await play(7, AN_HOUR_MS);
    assert.deepEqual(await play(7, AN_HOUR_MS), first);
    assert.notDeepEqual(await play(8, AN_HOUR_MS), first);
  });

  it('leaves everything as it was, whenever it is stopped', async () => {
    for (let seed = 0; seed < 40; seed += 1) {
      await play(seed, 20_000 + seed * 500);
    }
  });

  it('lets a request through in the pause after a fault', async () => {
    let isNormal = false;
    const chaos = startChaos({
      faults,
      clock,
      serverClock,
      random: seededRandom(3),
      onEvent: (line) => (isNormal = line === 'back to normal'),
    });
    for (let pauses = 0; pauses < 20;) {
      await clock.advance(500);
      if (isNormal) {
        assert.equal((await getText(faults.fetch, '/version')).status, 200);
        isNormal = false;
        pauses += 1;
      }
    }
    chaos.dispose();
  });
});
