import assert from 'node:assert/strict';
import { forbidden, unauthorized } from '../../../../src/demo/access/accessStatus';
import { isAllowed } from '../../../../src/demo/access/authorizer';
import {
  pathAttributes,
  resourceAttributes,
  type RequestAttributes,
  type ResourcePath,
} from '../../../../src/demo/access/requestAttributes';
import type { UserInfo } from '../../../../src/demo/access/userInfo';
import { ANONYMOUS, authenticate, BUILT_IN_USERS, tokenLookupOf } from '../../../../src/demo/access/users';
import {
  CLUSTER_PERSONAS,
  NAMESPACES,
  NODE_METRICS,
  PODS,
  SELF_SUBJECT_ACCESS_REVIEWS,
  SUBJECT_ACCESS_REVIEWS,
} from '../../../../src/demo/apiServer/apiResource';

const { admin, viewer, nobody } = BUILT_IN_USERS;
const RESTRICTED: UserInfo = { username: 'restricted', groups: ['system:authenticated'] };

function ask(method: string, path: ResourcePath, query = ''): RequestAttributes {
  return resourceAttributes(method, path, new URLSearchParams(query));
}

describe('authentication', () => {
  const lookUp = tokenLookupOf({ admin: 'a', viewer: 'v', nobody: 'n' });

  it('knows users by their tokens', () => {
    assert.equal(authenticate('Bearer a', lookUp), admin);
    assert.equal(authenticate('bearer  v ', lookUp), viewer);
    assert.equal(authenticate('Bearer n', lookUp)?.username, 'nobody');
  });

  it('takes whoever shows no token for anonymous, but refuses a wrong one', () => {
    assert.equal(authenticate(undefined, lookUp), ANONYMOUS);
    assert.equal(authenticate('Basic eDp5', lookUp), ANONYMOUS);
    assert.equal(authenticate('Bearer wrong', lookUp), undefined);
    assert.deepEqual([unauthorized().code, unauthorized().message], [401, 'Unauthorized']);
  });
});

describe('authorization', () => {
  const list = ask('GET', { resource: CLUSTER_PERSONAS });
  const patch = ask('PATCH', { resource: CLUSTER_PERSONAS, name: 'prod' });
  const log = ask('GET', { resource: PODS, namespace: 'web', name: 'p1', subresource: 'log' });
  const selfReview = ask('POST', { resource: SELF_SUBJECT_ACCESS_REVIEWS });

  it('lets the admin do everything', () => {
    for (const attributes of [list, patch, log, selfReview, pathAttributes('GET', '/metrics')]) {
      assert.equal(isAllowed(admin, attributes), true);
    }
  });

  it('lets the viewer read everything and write nothing', () => {
    assert.equal(isAllowed(viewer, list), true);
    assert.equal(isAllowed(viewer, ask('GET', { resource: CLUSTER_PERSONAS }, 'watch=1')), true);
    assert.equal(isAllowed(viewer, log), true);
    assert.equal(isAllowed(viewer, ask('GET', { resource: NODE_METRICS })), true);
    assert.equal(isAllowed(viewer, patch), false);
    assert.equal(isAllowed(viewer, ask('DELETE', { resource: CLUSTER_PERSONAS })), false);
    assert.equal(isAllowed(viewer, ask('POST', { resource: SUBJECT_ACCESS_REVIEWS })), false);
    assert.equal(isAllowed(viewer, selfReview), true);
  });

  it('lets everybody else ask about the server and themselves', () => {
    assert.equal(isAllowed(nobody, selfReview), true);
    assert.equal(isAllowed(nobody, list), false);
    const paths = [
      '/api',
      '/apis/dorgu.io/v1',
      '/openapi/v3',
      '/version',
      '/readyz',
      '/metrics',
      '/livez/ping',
    ];
    const allowed = (user: UserInfo) => paths.filter((path) => isAllowed(user, pathAttributes('GET', path)));
    assert.deepEqual(allowed(nobody), paths.slice(0, 5));
    assert.deepEqual(allowed(ANONYMOUS), ['/version', '/readyz']);
    assert.equal(isAllowed(ANONYMOUS, selfReview), false);
  });
});

// The words of a real kube-apiserver 1.36.
describe('what is forbidden', () => {
  function refusalOf(attributes: RequestAttributes): string {
    return forbidden(RESTRICTED, attributes).message;
  }

  it('is named with the user, the verb and the resource', () => {
    assert.deepEqual(forbidden(RESTRICTED, ask('GET', { resource: CLUSTER_PERSONAS, name: 'prod' })), {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message:
        'clusterpersonas.dorgu.io "prod" is forbidden: User "restricted" cannot get resource "clusterpersonas" in API group "dorgu.io" at the cluster scope',
      reason: 'Forbidden',
      details: { name: 'prod', group: 'dorgu.io', kind: 'clusterpersonas' },
      code: 403,
    });
    assert.equal(
      refusalOf(ask('DELETE', { resource: CLUSTER_PERSONAS })),
      'clusterpersonas.dorgu.io is forbidden: User "restricted" cannot deletecollection resource "clusterpersonas" in API group "dorgu.io" at the cluster scope',
    );
  });

  it('is named with its namespace, of which a namespace is one', () => {
    assert.equal(
      refusalOf(ask('GET', { resource: PODS, namespace: 'default', name: 'p1', subresource: 'log' })),
      'pods "p1" is forbidden: User "restricted" cannot get resource "pods/log" in API group "" in the namespace "default"',
    );
    assert.equal(
      refusalOf(ask('GET', { resource: NAMESPACES, name: 'default' })),
      'namespaces "default" is forbidden: User "restricted" cannot get resource "namespaces" in API group "" in the namespace "default"',
    );
    assert.equal(
      refusalOf(ask('GET', { resource: PODS })),
      'pods is forbidden: User "restricted" cannot list resource "pods" in API group "" at the cluster scope',
    );
  });

  it('counts a selector for one name as that name', () => {
    assert.equal(
      refusalOf(ask('GET', { resource: CLUSTER_PERSONAS }, 'watch=true&fieldSelector=metadata.name%3Dprod')),
      'clusterpersonas.dorgu.io "prod" is forbidden: User "restricted" cannot watch resource "clusterpersonas" in API group "dorgu.io" at the cluster scope',
    );
  });

  it('is a path where it is no resource', () => {
    const status = forbidden(RESTRICTED, pathAttributes('GET', '/foo'));
    assert.equal(status.message, 'forbidden: User "restricted" cannot get path "/foo"');
    assert.deepEqual(status.details, {});
  });
});
