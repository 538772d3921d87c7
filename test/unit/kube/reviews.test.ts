import assert from 'node:assert/strict';
import { reviewSubjectAccess } from '../../../src/kube/subjectAccessReview';
import { reviewToken } from '../../../src/kube/tokenReview';
import { ProblemError } from '../../../src/protocol/problem';
import { scriptedKube } from './scriptedKube';

const { signal } = new AbortController();
const AUDIENCE = 'clusterpersona-hub';
const USER = {
  username: 'jane',
  uid: '7',
  groups: ['ops', 'system:authenticated'],
  extra: { scopes: ['a', 'b'] },
};

function answer(status: object): string {
  return JSON.stringify({ kind: 'TokenReview', status });
}

function isMalformed(error: unknown): boolean {
  return error instanceof ProblemError && error.problem.code === 'malformed';
}

describe('a review of a token', () => {
  it('says who it is, with everything that the server knows of them', async () => {
    const { fetch, asked } = scriptedKube(
      answer({ authenticated: true, user: USER, audiences: ['other', AUDIENCE] }),
    );
    assert.deepEqual(await reviewToken(fetch, 'secret', AUDIENCE, signal), {
      user: 'jane',
      uid: '7',
      groups: ['ops', 'system:authenticated'],
      extra: { scopes: ['a', 'b'] },
    });
    assert.equal(asked[0]?.path, '/apis/authentication.k8s.io/v1/tokenreviews');
    assert.equal(asked[0]?.request?.method, 'POST');
    assert.deepEqual(JSON.parse(String(asked[0]?.request?.body)).spec, {
      token: 'secret',
      audiences: [AUDIENCE],
    });
  });

  it('asks for no audience where the server’s own is meant', async () => {
    const { fetch, asked } = scriptedKube(answer({ authenticated: true, user: { username: 'jane' } }));
    assert.deepEqual(await reviewToken(fetch, 'secret', undefined, signal), {
      user: 'jane',
      groups: [],
      extra: {},
    });
    assert.deepEqual(JSON.parse(String(asked[0]?.request?.body)).spec, { token: 'secret' });
  });

  for (const [what, status] of [
    ['is not good', { authenticated: false, error: 'expired' }],
    ['is not said to be good', { user: USER, audiences: [AUDIENCE] }],
    ['was made for somebody else', { authenticated: true, user: USER, audiences: ['https://kubernetes'] }],
    ['was looked at by a server that knows no audiences', { authenticated: true, user: USER }],
    ['is of nobody', { authenticated: true, user: { username: '' }, audiences: [AUDIENCE] }],
    ['has no user', { authenticated: true, audiences: [AUDIENCE] }],
    [
      'has nulls',
      { authenticated: true, user: { username: '', groups: null, extra: null }, audiences: null },
    ],
  ] as const) {
    it(`knows nobody whose token ${what}`, async () => {
      const { fetch } = scriptedKube(answer(status));
      assert.equal(await reviewToken(fetch, 'secret', AUDIENCE, signal), undefined);
    });
  }

  it('is refused where it is no review', async () => {
    for (const body of ['{}', '[]', '{"status": {"authenticated": "yes"}}', 'no JSON']) {
      const { fetch } = scriptedKube(body);
      await assert.rejects(reviewToken(fetch, 'secret', AUDIENCE, signal), isMalformed, body);
    }
  });
});

describe('a review of what somebody else may', () => {
  const jane = { user: 'jane', uid: '7', groups: ['ops'], extra: { scopes: ['a'] } };
  const list = { verb: 'list', group: '', resource: 'pods', namespace: 'shop' };

  it('asks for exactly that, about exactly them', async () => {
    const { fetch, asked } = scriptedKube(
      JSON.stringify({ status: { allowed: true } }),
      JSON.stringify({ status: { allowed: false, denied: true } }),
    );
    assert.equal(await reviewSubjectAccess(fetch, jane, list, signal), true);
    assert.equal(await reviewSubjectAccess(fetch, jane, { verb: 'get', path: '/metrics' }, signal), false);
    const specs = asked.map(({ path, request }) => [path, JSON.parse(String(request?.body)).spec]);
    const path = '/apis/authorization.k8s.io/v1/subjectaccessreviews';
    assert.deepEqual(specs, [
      [path, { ...jane, resourceAttributes: list }],
      [path, { ...jane, nonResourceAttributes: { verb: 'get', path: '/metrics' } }],
    ]);
  });

  it('is refused where it is no review', async () => {
    for (const body of ['{}', '{"status": {}}', '{"status": {"allowed": "true"}}', '']) {
      const { fetch } = scriptedKube(body);
      await assert.rejects(reviewSubjectAccess(fetch, jane, list, signal), isMalformed, body);
    }
  });
});
