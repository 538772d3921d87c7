import assert from 'node:assert/strict';
import { nullLogger } from '../../../../src/base/logger';
import { METRIC_ACCESS, PERSONA_ACCESS, type Access } from '../../../../src/hub/guest';
import { ProblemError, type ProblemCode } from '../../../../src/protocol/problem';
import type { AccessReviews } from '../../../../src/server/auth/accessReviews';
import { ReviewedGuest } from '../../../../src/server/auth/reviewedGuest';
import { FaultServer } from '../../../support/faultServer/faultServer';
import { trackLeaks } from '../../../support/leakTracker';
import { withHub, type HubFixture } from '../../hub/hubFixture';

const JANE = { user: 'jane', groups: ['ops'], extra: {} };
const LOGS: Access = { type: 'logs', namespace: 'shop', pod: 'cart' };

/** Clusters that allow what a test says. */
class Clusters implements Pick<AccessReviews, 'review'> {
  readonly denied = new Set<string>();
  /** Nobody answers. */
  isSilent = false;
  asked: string[] = [];

  async review(source: string, { user, groups }: typeof JANE, { type }: Access): Promise<string | undefined> {
    const what = `${source} ${type}`;
    this.asked.push(`${user} ${groups.join()} ${what}`);
    await Promise.resolve();
    if (this.isSilent) {
      throw new ProblemError({ code: 'unreachable', detail: 'no answer within 5 s' });
    }
    return this.denied.has(what) ? `User "${user}" cannot` : undefined;
  }

  take(): string[] {
    return this.asked.splice(0);
  }
}

function guestOf(fixture: HubFixture) {
  const { hub, clock, owned } = fixture;
  const clusters = new Clusters();
  fixture.addServer(new FaultServer(), 's');
  fixture.addServer(new FaultServer(), 't');
  const guest = owned.add(
    new ReviewedGuest({
      hub,
      reviews: clusters,
      clock,
      random: { next: () => 1 },
      logger: nullLogger,
      recheckMs: 60_000,
    }),
  );
  const changes: string[] = [];
  owned.add(guest.onChanged(({ source, access }) => changes.push(`${source} ${access}`)));
  const may = async (source: string, access: Access): Promise<ProblemCode | 'yes'> => {
    try {
      await guest.require(source, access);
      return 'yes';
    } catch (error) {
      assert.ok(error instanceof ProblemError, String(error));
      return error.problem.code;
    }
  };
  const sees = (source: string): boolean => guest.refusal(source, PERSONA_ACCESS) === undefined;
  return { guest, clusters, changes, may, sees };
}

describe('a guest whose rights the clusters say', () => {
  trackLeaks();

  it(
    'may nothing before they are somebody, and what the clusters say then',
    withHub(async (fixture) => {
      const { guest, clusters, may, sees } = guestOf(fixture);
      clusters.denied.add('t personas');
      assert.equal(await may('s', PERSONA_ACCESS), 'unauthorized');
      assert.ok(await guest.become(JANE));
      await guest.learn();
      assert.deepEqual([sees('s'), sees('t')], [true, false]);
      assert.deepEqual(guest.refusal('t', PERSONA_ACCESS), {
        problem: { code: 'forbidden', detail: 'User "jane" cannot' },
        retryAt: fixture.clock.now() + 60_000,
      });
      assert.deepEqual(clusters.take(), ['jane ops s personas', 'jane ops t personas']);
      assert.equal(await may('t', PERSONA_ACCESS), 'forbidden');
      assert.equal(await may('s', LOGS), 'yes');
      assert.equal(guest.refusal('s', METRIC_ACCESS)?.problem.code, 'unreachable', 'nobody asked');
    }),
  );

  it(
    'is looked at again every minute: what is lost and what is granted is told, once',
    withHub(async (fixture) => {
      const { guest, clusters, changes, sees } = guestOf(fixture);
      await guest.become(JANE);
      await guest.learn();
      const { sight } = guest;
      changes.length = 0;
      clusters.take();
      clusters.denied.add('s personas');
      await fixture.clock.advance(59_999);
      assert.deepEqual([clusters.take(), sees('s')], [[], true]);
      await fixture.clock.advance(1);
      assert.deepEqual(clusters.take(), ['jane ops s personas', 'jane ops t personas']);
      assert.deepEqual([changes.splice(0), sees('s'), sees('t')], [['s personas'], false, true]);
      assert.notEqual(guest.sight, sight);
      await fixture.clock.advance(60_000);
      assert.deepEqual(changes, []);
      clusters.denied.clear();
      await fixture.clock.advance(60_000);
      assert.deepEqual([changes, sees('s'), guest.sight], [['s personas'], true, sight]);
    }),
  );

  it(
    'has what goes on ended when the right is lost, and nothing else',
    withHub(async (fixture) => {
      const { guest, clusters, may } = guestOf(fixture);
      await guest.become(JANE);
      const lost: string[] = [];
      const hold = (access: Access, what: string) =>
        fixture.owned.add(guest.hold('s', access, ({ code }) => lost.push(`${what} ${code}`)));
      for (const access of [LOGS, PERSONA_ACCESS]) {
        assert.equal(await may('s', access), 'yes');
      }
      hold(LOGS, 'log');
      hold(LOGS, 'log again');
      hold(LOGS, 'ended before').dispose();
      hold(PERSONA_ACCESS, 'personas');
      clusters.denied.add('s logs');
      await fixture.clock.advance(60_000);
      assert.deepEqual(lost.splice(0), ['log forbidden', 'log again forbidden']);
      clusters.take();
      clusters.denied.add('s personas');
      await fixture.clock.advance(60_000);
      assert.deepEqual(lost, ['personas forbidden']);
      assert.deepEqual(clusters.take(), ['jane ops s personas'], 'what ended is looked at no more');
    }),
  );

  it(
    'has what was begun anew looked at, whatever becomes of what was lost before it',
    withHub(async (fixture) => {
      const { guest, clusters, may } = guestOf(fixture);
      await guest.become(JANE);
      const lost: string[] = [];
      const hold = (what: string) =>
        fixture.owned.add(guest.hold('s', LOGS, ({ code }) => lost.push(`${what} ${code}`)));
      const first = hold('first');
      clusters.denied.add('s logs');
      await fixture.clock.advance(60_000);
      assert.deepEqual(lost.splice(0), ['first forbidden']);
      clusters.denied.clear();
      assert.equal(await may('s', LOGS), 'yes');
      hold('second');
      first.dispose();
      clusters.denied.add('s logs');
      await fixture.clock.advance(60_000);
      assert.deepEqual(lost, ['second forbidden']);
    }),
  );

  it(
    'keeps what was allowed for five minutes while nobody answers, and is asked about every 5 s',
    withHub(async (fixture) => {
      const { guest, clusters, changes, may, sees } = guestOf(fixture);
      await guest.become(JANE);
      await guest.learn();
      await may('s', LOGS);
      const lost: string[] = [];
      fixture.owned.add(guest.hold('s', LOGS, ({ code }) => lost.push(code)));
      changes.length = 0;
      clusters.isSilent = true;
      await fixture.clock.advance(60_000);
      assert.deepEqual([await may('s', PERSONA_ACCESS), sees('s'), lost], ['yes', true, []]);
      clusters.take();
      await fixture.clock.advance(5_000);
      assert.equal(clusters.take().length, 3);
      assert.equal(await may('t', LOGS), 'unreachable', 'what was not allowed before is not now');
      await fixture.clock.advance(235_000);
      assert.deepEqual([changes, lost, sees('s')], [[], [], true]);
      await fixture.clock.advance(5_000);
      assert.deepEqual([changes.splice(0), lost], [['s personas', 't personas'], ['unreachable']]);
      assert.equal(await may('s', PERSONA_ACCESS), 'unreachable');
      clusters.isSilent = false;
      await fixture.clock.advance(5_000);
      assert.deepEqual([changes, sees('s')], [['s personas', 't personas'], true]);
    }),
  );

  it(
    'whom nobody could say anything about sees nothing, and what they may as soon as somebody can',
    withHub(async (fixture) => {
      const { guest, clusters, may, sees } = guestOf(fixture);
      clusters.isSilent = true;
      await guest.become(JANE);
      await guest.learn();
      assert.deepEqual([sees('s'), await may('s', PERSONA_ACCESS)], [false, 'unreachable']);
      clusters.isSilent = false;
      await fixture.clock.advance(5_000);
      assert.equal(sees('s'), true);
    }),
  );

  it(
    'is asked about anew when they show who they are again, and is nobody else',
    withHub(async (fixture) => {
      const { guest, clusters, sees } = guestOf(fixture);
      await guest.become(JANE);
      await guest.learn();
      clusters.take();
      clusters.denied.add('s personas');
      assert.equal(await guest.become({ ...JANE, groups: ['dev'] }), true);
      assert.deepEqual(clusters.take(), ['jane dev s personas', 'jane dev t personas']);
      assert.equal(sees('s'), false);
      assert.equal(await guest.become({ ...JANE, user: 'joe' }), false);
      await fixture.clock.advance(60_000);
      assert.deepEqual(clusters.take(), ['jane dev s personas', 'jane dev t personas']);
    }),
  );

  it(
    'is asked about for a source that comes later, and no more for one that is gone',
    withHub(async (fixture) => {
      const { guest, clusters, changes, sees } = guestOf(fixture);
      await guest.become(JANE);
      await guest.learn();
      changes.length = 0;
      fixture.addServer(new FaultServer(), 'late');
      await fixture.clock.settle();
      assert.deepEqual([changes, sees('late')], [['late personas'], true]);
      fixture.hub.removeSource('late');
      await fixture.clock.settle();
      clusters.take();
      await fixture.clock.advance(60_000);
      assert.deepEqual(clusters.take(), ['jane ops s personas', 'jane ops t personas']);
    }),
  );

  it(
    'is nobody any more when they are gone',
    withHub(async (fixture) => {
      const { guest, clusters } = guestOf(fixture);
      await guest.become(JANE);
      await guest.learn();
      guest.dispose();
      clusters.take();
      await fixture.clock.advance(600_000);
      assert.deepEqual(clusters.take(), []);
      assert.equal(fixture.clock.pendingTimers, 0);
    }),
  );
});
