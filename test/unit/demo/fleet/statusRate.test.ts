import assert from 'node:assert/strict';
import { createDemoCluster } from '../../../../src/demo/demoCluster';
import { createCluster, type ClusterModel } from '../../../../src/demo/fleet/clusterModel';
import { FLEET } from '../../../../src/demo/fleet/fleetBlueprints';
import { StatusRate } from '../../../../src/demo/fleet/statusRate';
import { trackLeaks } from '../../../support/leakTracker';
import { getJson, listPersonas, PERSONAS_PATH } from '../demoReader';
import { failingLogger } from './failingLogger';
import { PromptClock } from './promptClock';

const MINUTE_MS = 60_000;

/** Counts what is reported of three clusters. */
class CountingOperator {
  readonly watched = FLEET.slice(0, 3).map((blueprint) => createCluster(blueprint, 1, 0));
  readonly reported: string[] = [];

  report(cluster: ClusterModel): void {
    this.reported.push(`${cluster.blueprint.name} ${cluster.runningPods}`);
  }
}

describe('a rate of status writes', () => {
  trackLeaks();

  function begin(ratePerSecond: number) {
    const clock = new PromptClock();
    const operator = new CountingOperator();
    const rate = new StatusRate(operator, clock, ratePerSecond);
    rate.start();
    return { clock, operator, rate };
  }

  for (const ratePerSecond of [0.5, 1, 3, 7.3, 60, 200, 1234, 20_000]) {
    it(`of ${ratePerSecond} a second is exact over a minute`, () => {
      const { clock, operator, rate } = begin(ratePerSecond);
      clock.advance(MINUTE_MS);
      rate.dispose();
      assert.equal(operator.reported.length, Math.floor(ratePerSecond * 60));
    });
  }

  it('goes round evenly, and each write is a change', () => {
    const { clock, operator, rate } = begin(30);
    clock.advance(10_000);
    rate.dispose();
    for (const { blueprint } of operator.watched) {
      const written = operator.reported.filter((text) => text.startsWith(`${blueprint.name} `));
      assert.equal(written.length, 100);
      assert.ok(written.every((text, index) => text !== written[index - 1]));
      assert.equal(new Set(written).size, 2, 'none adds up');
    }
  });

  it('catches up on a short sleep wholly, and on a long one for two seconds only', () => {
    const { clock, operator, rate } = begin(100);
    clock.advance(1000);
    clock.stall(1500);
    clock.advance(500);
    assert.equal(operator.reported.length, 300);
    clock.stall(10 * MINUTE_MS);
    clock.advance(1000);
    rate.dispose();
    assert.ok(Math.abs(operator.reported.length - 600) <= 1, `${operator.reported.length} writes`);
  });

  it('of nothing starts nothing, and stops when it is disposed', () => {
    const nothing = begin(0);
    assert.equal(nothing.clock.pendingTimers, 0);
    nothing.rate.dispose();
    const { clock, operator, rate } = begin(10);
    clock.advance(1000);
    rate.dispose();
    assert.equal(clock.pendingTimers, 0);
    clock.advance(1000);
    assert.equal(operator.reported.length, 10);
    rate.start();
    assert.equal(clock.pendingTimers, 0, 'what is disposed does not begin again');
  });

  it('is written beside what the scene brings, and leaves the figures where they are', async () => {
    const writesIn = async (ratePerSecond: number) => {
      const clock = new PromptClock();
      const demo = createDemoCluster({ clock, seed: 1, ratePerSecond, logger: failingLogger });
      const revision = async () =>
        Number((await getJson(demo.fetch, PERSONAS_PATH)).metadata.resourceVersion);
      const pods = async () =>
        new Map(
          (await listPersonas(demo.fetch)).map(({ name, status }) => [
            name,
            status?.resourceSummary?.runningPods ?? 0,
          ]),
        );
      const [before, podsBefore] = [await revision(), await pods()];
      demo.start();
      clock.advance(MINUTE_MS);
      const [after, podsAfter] = [await revision(), await pods()];
      demo.dispose();
      const drift = Math.max(
        ...[...podsBefore].map(([name, count]) => Math.abs(count - (podsAfter.get(name) ?? Infinity))),
      );
      return { count: after - before, drift };
    };
    const story = await writesIn(0);
    const both = await writesIn(20);
    const added = both.count - story.count;
    // Some writes of the story say nothing new in the same second.
    assert.ok(added > 1150 && added <= 1200, `${added} writes more`);
    assert.ok(both.drift < 40, `${both.drift} pods more or less`);
  });
});
