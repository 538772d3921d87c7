import assert from 'node:assert/strict';
import { impersonated } from '../../../../src/demo/access/impersonation';
import { resourceAttributes } from '../../../../src/demo/access/requestAttributes';
import { BUILT_IN_USERS } from '../../../../src/demo/access/users';
import { PODS } from '../../../../src/demo/apiServer/apiResource';
import { ApiStatusError } from '../../../../src/demo/apiServer/apiStatus';

const { admin, viewer } = BUILT_IN_USERS;

const LIST = resourceAttributes('GET', { resource: PODS, namespace: 'web' }, new URLSearchParams());

function as(requester: typeof admin, headers: Readonly<Record<string, string>>) {
  return impersonated(requester, LIST, (name) => headers[name]);
}

function refused(code: number, message: string) {
  return (error: unknown) =>
    error instanceof ApiStatusError && error.status.code === code && error.status.message.startsWith(message);
}

describe('impersonation', () => {
  it('leaves a request that asks for nobody else to its user', () => {
    assert.equal(as(viewer, {}), viewer);
    assert.equal(as(viewer, { 'impersonate-user': '' }), viewer);
  });

  it('makes whoever may do everything somebody else, in the groups they would be in', () => {
    assert.deepEqual(as(admin, { 'impersonate-user': 'bob', 'impersonate-uid': 'u1' }), {
      username: 'bob',
      uid: 'u1',
      groups: ['system:authenticated'],
    });
    assert.deepEqual(
      as(admin, { 'impersonate-user': 'bob', 'impersonate-group': 'a, system:masters' }).groups,
      ['a', 'system:masters', 'system:authenticated'],
    );
    assert.deepEqual(as(admin, { 'impersonate-user': 'system:serviceaccount:web:robot' }).groups, [
      'system:serviceaccounts',
      'system:serviceaccounts:web',
      'system:authenticated',
    ]);
    assert.deepEqual(as(admin, { 'impersonate-user': 'system:anonymous' }).groups, [
      'system:unauthenticated',
    ]);
  });

  it('is refused to everybody else', () => {
    assert.throws(
      () => as(viewer, { 'impersonate-user': 'admin' }),
      refused(403, 'pods is forbidden: User "viewer" cannot impersonate-on:user-info:list resource "pods"'),
    );
    assert.throws(
      () => as(viewer, { 'impersonate-user': 'system:serviceaccount:web:robot' }),
      refused(
        403,
        'pods is forbidden: User "viewer" cannot impersonate-on:serviceaccount:list resource "pods"',
      ),
    );
  });

  it('needs a user to act as', () => {
    assert.throws(() => as(admin, { 'impersonate-group': 'system:masters' }), refused(400, 'requested'));
    assert.throws(() => as(admin, { 'impersonate-uid': 'u1' }), refused(400, 'requested'));
  });
});
