import assert from 'node:assert/strict';
import { ProblemError } from '../../../../src/protocol/problem';
import { ReviewCache } from '../../../../src/server/auth/reviewCache';
import { FakeClock } from '../../../support/fakeClock';
import { trackLeaks } from '../../../support/leakTracker';

describe('answers to reviews', () => {
  let clock: FakeClock;
  let cache: ReviewCache<string>;
  let asked: string[];

  beforeEach(() => {
    clock = new FakeClock();
    cache = new ReviewCache({ clock, keepMs: 10_000 });
    asked = [];
  });
  afterEach(async () => {
    cache.dispose();
    await clock.settle();
    assert.equal(clock.pendingTimers, 0, 'a timer is left');
  });
  trackLeaks();

  const get = (key: string, answer: () => Promise<string> = () => Promise.resolve(key)): Promise<string> =>
    cache.get(key, () => {
      asked.push(key);
      return answer();
    });
  const codeOf = async (answer: Promise<string>): Promise<string> => {
    try {
      return await answer;
    } catch (error) {
      return error instanceof ProblemError ? error.problem.code : String(error);
    }
  };

  it('count for 10 s, each for itself', async () => {
    assert.equal(await get('a'), 'a');
    await clock.advance(9_999);
    assert.equal(await get('a'), 'a');
    assert.equal(await get('b'), 'b');
    assert.deepEqual(asked, ['a', 'b']);
    await clock.advance(1);
    await get('a');
    await get('b');
    assert.deepEqual(asked, ['a', 'b', 'a']);
    assert.equal(cache.asked, 3);
  });

  it('are asked for once by all who want them at the same time', async () => {
    const answers = await Promise.all([get('a'), get('a'), get('a')]);
    assert.deepEqual([answers, asked], [['a', 'a', 'a'], ['a']]);
  });

  it('that failed are asked for again after a second', async () => {
    const fail = (): Promise<string> =>
      Promise.reject(new ProblemError({ code: 'serverError', detail: 'HTTP 500' }));
    assert.equal(await codeOf(get('a', fail)), 'serverError');
    assert.equal(await codeOf(get('a')), 'serverError');
    await clock.advance(1_000);
    assert.equal(await codeOf(get('a')), 'a');
    assert.deepEqual(asked, ['a', 'a']);
  });

  it('that do not come are waited for 5 s, and those that had to wait for them come', async () => {
    const never = (): Promise<string> => new Promise(() => undefined);
    const stuck = Array.from({ length: 32 }, (_, index) => codeOf(get(`stuck ${index}`, never)));
    await clock.advance(1_000);
    const late = codeOf(get('late'));
    await clock.settle();
    assert.equal(asked.length, 32, 'more are asked at once');
    await clock.advance(4_000);
    assert.deepEqual(new Set(await Promise.all(stuck)), new Set(['unreachable']));
    assert.equal(await late, 'late');
  });

  it('are refused to whoever would be one too many to wait', async () => {
    const never = (): Promise<string> => new Promise(() => undefined);
    const waiting = Array.from({ length: 32 + 5_000 }, (_, index) => codeOf(get(`${index}`, never)));
    assert.equal(await codeOf(get('one more')), 'throttled');
    await clock.advance(5_000);
    assert.deepEqual(new Set(await Promise.all(waiting)), new Set(['unreachable']));
    await clock.advance(1_000);
    assert.equal(await codeOf(get('one more')), 'one more');
  });

  it('are given up at the end', async () => {
    const answer = codeOf(get('a', () => new Promise(() => undefined)));
    await clock.settle();
    cache.dispose();
    assert.equal(await answer, 'closed');
    assert.equal(await codeOf(get('b')), 'closed');
  });
});
