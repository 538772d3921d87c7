import assert from 'node:assert/strict';
import type { JsonRecord } from '../../../../src/base/jsonRecord';
import { answerReview, isReview } from '../../../../src/demo/access/reviews';
import { BUILT_IN_USERS, tokenLookupOf, type BuiltInUser } from '../../../../src/demo/access/users';
import {
  PODS,
  SELF_SUBJECT_ACCESS_REVIEWS,
  SELF_SUBJECT_REVIEWS,
  SELF_SUBJECT_RULES_REVIEWS,
  SUBJECT_ACCESS_REVIEWS,
  TOKEN_REVIEWS,
  type ApiResource,
} from '../../../../src/demo/apiServer/apiResource';
import { ApiStatusError, type ApiStatus } from '../../../../src/demo/apiServer/apiStatus';

const NOW = '2026-11-24T19:23:49Z';

function answer(user: BuiltInUser, resource: ApiResource, spec?: JsonRecord): JsonRecord {
  return answerReview(
    resource,
    { kind: resource.kind, ...(spec !== undefined && { spec }) },
    {
      requester: BUILT_IN_USERS[user],
      lookUpToken: tokenLookupOf({ admin: 'a', viewer: 'v', nobody: 'n' }),
      now: NOW,
    },
  );
}

function refusalOf(resource: ApiResource, spec: JsonRecord): ApiStatus | undefined {
  try {
    answer('admin', resource, spec);
  } catch (error) {
    return error instanceof ApiStatusError ? error.status : undefined;
  }
  return undefined;
}

const GET_PODS = { resourceAttributes: { namespace: 'x', verb: 'get', resource: 'pods' } };

// In the shape in which a real kube-apiserver 1.36 answered.
describe('a review', () => {
  it('is told from what is kept', () => {
    assert.equal(isReview(SELF_SUBJECT_ACCESS_REVIEWS), true);
    assert.equal(isReview(PODS), false);
  });

  it('says whether the one who asks may do something', () => {
    assert.deepEqual(answer('admin', SELF_SUBJECT_ACCESS_REVIEWS, GET_PODS), {
      kind: 'SelfSubjectAccessReview',
      apiVersion: 'authorization.k8s.io/v1',
      metadata: {},
      spec: GET_PODS,
      status: { allowed: true },
    });
    assert.deepEqual(answer('nobody', SELF_SUBJECT_ACCESS_REVIEWS, GET_PODS)['status'], { allowed: false });
    const log = { resourceAttributes: { verb: 'get', resource: 'pods', subresource: 'log', name: 'p1' } };
    assert.deepEqual(answer('viewer', SELF_SUBJECT_ACCESS_REVIEWS, log)['status'], { allowed: true });
    const path = { nonResourceAttributes: { path: '/version', verb: 'get' } };
    assert.deepEqual(answer('nobody', SELF_SUBJECT_ACCESS_REVIEWS, path), {
      kind: 'SelfSubjectAccessReview',
      apiVersion: 'authorization.k8s.io/v1',
      metadata: {},
      spec: path,
      status: { allowed: true },
    });
  });

  it('says whether somebody else may', () => {
    const bob = { ...GET_PODS, user: 'bob', groups: ['system:authenticated'] };
    assert.deepEqual(answer('admin', SUBJECT_ACCESS_REVIEWS, bob), {
      kind: 'SubjectAccessReview',
      apiVersion: 'authorization.k8s.io/v1',
      metadata: {},
      spec: bob,
      status: { allowed: false },
    });
    const master = { ...GET_PODS, user: 'bob', groups: ['system:masters'] };
    assert.deepEqual(answer('admin', SUBJECT_ACCESS_REVIEWS, master)['status'], { allowed: true });
  });

  it('lists everything that the one who asks may do', () => {
    const status = answer('nobody', SELF_SUBJECT_RULES_REVIEWS, { namespace: 'default' })['status'];
    const urls = [
      ['/healthz', '/livez', '/readyz', '/version', '/version/'],
      [
        '/api',
        '/api/*',
        '/apis',
        '/apis/*',
        '/healthz',
        '/livez',
        '/openapi',
        '/openapi/*',
        '/readyz',
        '/version',
        '/version/',
      ],
    ];
    assert.deepEqual(status, {
      resourceRules: [
        {
          verbs: ['create'],
          apiGroups: ['authorization.k8s.io'],
          resources: ['selfsubjectaccessreviews', 'selfsubjectrulesreviews'],
        },
        { verbs: ['create'], apiGroups: ['authentication.k8s.io'], resources: ['selfsubjectreviews'] },
      ],
      nonResourceRules: urls.map((nonResourceURLs) => ({ verbs: ['get'], nonResourceURLs })),
      incomplete: false,
    });
  });

  it('says who somebody is', () => {
    assert.deepEqual(answer('admin', SELF_SUBJECT_REVIEWS), {
      kind: 'SelfSubjectReview',
      apiVersion: 'authentication.k8s.io/v1',
      metadata: { creationTimestamp: NOW },
      status: {
        userInfo: { username: 'admin', uid: 'admin', groups: ['system:masters', 'system:authenticated'] },
      },
    });
    assert.deepEqual(answer('admin', TOKEN_REVIEWS, { token: 'n' })['status'], {
      authenticated: true,
      user: { username: 'nobody', uid: 'nobody', groups: ['system:authenticated'] },
      audiences: ['https://kubernetes.default.svc'],
    });
    assert.deepEqual(answer('admin', TOKEN_REVIEWS, { token: 'x' })['status'], {
      user: {},
      error: 'invalid bearer token',
    });
  });

  it('is refused where it asks nothing, in the words of the API server', () => {
    const field = 'spec.resourceAttributes';
    const message =
      'Invalid value: null: exactly one of nonResourceAttributes or resourceAttributes must be specified';
    assert.deepEqual(refusalOf(SELF_SUBJECT_ACCESS_REVIEWS, {}), {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: `.authorization.k8s.io "" is invalid: ${field}: ${message}`,
      reason: 'Invalid',
      details: {
        group: 'authorization.k8s.io',
        causes: [{ reason: 'FieldValueInvalid', message, field }],
      },
      code: 422,
    });
    assert.equal(
      refusalOf(SUBJECT_ACCESS_REVIEWS, GET_PODS)?.message,
      '.authorization.k8s.io "" is invalid: spec.user: Invalid value: "": at least one of user or group must be specified',
    );
    assert.equal(refusalOf(SELF_SUBJECT_RULES_REVIEWS, {})?.message, 'no namespace on request');
    assert.equal(
      refusalOf(TOKEN_REVIEWS, {})?.message,
      'token is required for TokenReview in authentication',
    );
  });
});
