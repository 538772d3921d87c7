import assert from 'node:assert/strict';
import { nullLogger } from '../../../../src/base/logger';
import { ReviewedTokens } from '../../../../src/server/auth/reviewedTokens';
import { TokenReviews } from '../../../../src/server/auth/tokenReviews';
import type { CredentialEnd } from '../../../../src/transport/node/credential';
import { FakeClock } from '../../../support/fakeClock';
import { trackLeaks } from '../../../support/leakTracker';
import { scriptedKube, type Answer } from '../../kube/scriptedKube';

const AUDIENCE = 'clusterpersona-hub';
const GOOD = review({ authenticated: true, user: { username: 'jane' }, audiences: [AUDIENCE] });
const BAD = review({ authenticated: false });
const DOWN = { status: 500, body: '' };

function review(status: object): string {
  return JSON.stringify({ status });
}

function jwt(claims: object): string {
  return ['{}', JSON.stringify(claims), 'signature']
    .map((part) => Buffer.from(part).toString('base64url'))
    .join('.');
}

describe('tokens that a cluster looks at', () => {
  let clock: FakeClock;
  let reviews: TokenReviews;
  let asked: string[];
  let answers: Answer[];
  let ends: CredentialEnd[];
  const owned: { dispose(): void }[] = [];

  beforeEach(() => {
    clock = new FakeClock();
    asked = [];
    answers = [];
    ends = [];
  });
  afterEach(async () => {
    owned.splice(0).forEach((one) => one.dispose());
    await clock.settle();
    assert.equal(clock.pendingTimers, 0, 'a timer is left');
  });
  trackLeaks();

  function tokens(takesApiServerTokens = false): ReviewedTokens {
    reviews = new TokenReviews({
      clock,
      audience: AUDIENCE,
      takesApiServerTokens,
      keepMs: 10_000,
      fetch: () => (path, request) => {
        const { token, audiences = [] } = JSON.parse(String(request?.body)).spec;
        asked.push([token, ...audiences].join(' '));
        return scriptedKube(answers.shift() ?? BAD).fetch(path, request);
      },
    });
    owned.push(reviews);
    return new ReviewedTokens({
      reviews,
      clock,
      random: { next: () => 1 },
      logger: nullLogger,
      recheckMs: 60_000,
    });
  }

  /** Lets somebody in, and notes what they are sent away for. */
  async function letIn(from: ReviewedTokens, token: string): Promise<void> {
    const checked = await from.ofToken(token);
    assert.ok(checked.ok, JSON.stringify(checked));
    owned.push(
      checked.credential,
      checked.credential.onEnded((end) => ends.push(end)),
    );
  }

  it('let in whom it knows, and say who that is', async () => {
    const from = tokens();
    answers = [GOOD];
    const checked = await from.ofToken('a');
    assert.ok(checked.ok);
    owned.push(checked.credential);
    assert.equal(checked.credential.identity?.user, 'jane');
    assert.deepEqual(await from.ofToken('b'), {
      ok: false,
      end: { code: 4401, reason: 'the token is not known' },
    });
    assert.deepEqual(asked, [`a ${AUDIENCE}`, `b ${AUDIENCE}`]);
  });

  it('are looked at once in 10 s, good or not', async () => {
    const from = tokens();
    answers = [GOOD, BAD];
    for (let count = 0; count < 3; count += 1) {
      await letIn(from, 'a');
      assert.equal((await from.ofToken('b')).ok, false);
    }
    assert.equal(asked.length, 2);
    owned.slice(1).forEach((one) => one.dispose());
    await clock.advance(10_000);
    await from.ofToken('b');
    assert.equal(asked.length, 3);
  });

  it('may be made for the API server where that is allowed, and are asked about as such last', async () => {
    const from = tokens(true);
    answers = [BAD, review({ authenticated: true, user: { username: 'jane' } })];
    await letIn(from, 'a');
    assert.deepEqual(asked, [`a ${AUDIENCE}`, 'a']);
  });

  it('that are none are not put to it', async () => {
    const from = tokens();
    for (const token of ['', 'x'.repeat(16 * 1024 + 1)]) {
      assert.equal((await from.ofToken(token)).ok, false);
    }
    assert.deepEqual(asked, []);
  });

  it('let nobody in while it does not say, who may come again', async () => {
    const from = tokens();
    answers = [DOWN, { status: 403, body: '' }];
    for (const [token, reason] of [
      ['a', /^the cluster does not say now whether this is allowed, try again \(serverError: HTTP 500\)$/],
      ['b', /^the hub may not ask its cluster who may do what/],
    ] as const) {
      const checked = await from.ofToken(token);
      assert.ok(!checked.ok);
      assert.equal(checked.end.code, 4503);
      assert.match(checked.end.reason, reason);
    }
  });

  it('are looked at again every minute, and end whoever came by one that is no longer good', async () => {
    const from = tokens();
    answers = [GOOD, GOOD, GOOD, BAD];
    await letIn(from, 'a');
    await clock.advance(179_999);
    assert.deepEqual([ends, asked.length], [[], 3]);
    await clock.advance(1);
    assert.deepEqual(ends, [{ code: 4401, reason: 'the token is no longer good' }]);
    await clock.advance(600_000);
    assert.equal(asked.length, 4);
  });

  it('end whoever is in other groups than when they came', async () => {
    const from = tokens();
    answers = [
      GOOD,
      review({ authenticated: true, user: { username: 'jane', groups: ['x'] }, audiences: [AUDIENCE] }),
    ];
    await letIn(from, 'a');
    await clock.advance(60_000);
    assert.deepEqual(ends, [{ code: 4401, reason: 'the token stands for other groups now: connect anew' }]);
  });

  it('stay good for five minutes while it does not say, and no longer', async () => {
    const from = tokens();
    answers = [GOOD, ...Array.from({ length: 10 }, () => DOWN)];
    await letIn(from, 'a');
    await clock.advance(359_999);
    assert.deepEqual(ends, []);
    await clock.advance(1);
    assert.deepEqual(
      ends.map(({ code }) => code),
      [4503],
    );
  });

  it('that survived an outage are good for five minutes more in the next one', async () => {
    const from = tokens();
    answers = [GOOD, DOWN, DOWN, GOOD, DOWN, DOWN, DOWN, GOOD];
    await letIn(from, 'a');
    await clock.advance(420_000);
    assert.deepEqual([ends, asked.length], [[], 8]);
  });

  it('end when they say that they do, on the instant', async () => {
    const from = tokens();
    answers = [GOOD];
    const token = jwt({ exp: Math.floor(clock.now() / 1_000) + 7 });
    await letIn(from, token);
    await clock.advance(6_999);
    assert.deepEqual(ends, []);
    await clock.advance(1);
    assert.deepEqual(ends, [{ code: 4401, reason: 'the token has expired' }]);
    // The cluster's answer would still count.
    assert.deepEqual(await from.ofToken(token), {
      ok: false,
      end: { code: 4401, reason: 'the token has expired' },
    });
  });

  for (const token of [jwt({}), jwt({ exp: 'soon' }), 'a.b.c', 'a.b', jwt([])]) {
    it(`that do not say when they end (${token}) are good until the cluster says otherwise`, async () => {
      const from = tokens();
      answers = [GOOD];
      await letIn(from, token);
      await clock.advance(59_999);
      assert.deepEqual(ends, []);
    });
  }
});
