import assert from 'node:assert/strict';
import { relayedRead } from '../../../src/kube/relayedRead';

const pods = { resource: 'pods', namespace: 'shop' } as const;

describe('what a hub hands on of a cluster', () => {
  it('is pods, their logs, and what nodes use', () => {
    assert.deepEqual(relayedRead('/api/v1/namespaces/shop/pods?limit=100'), {
      ...pods,
      isEndless: false,
    });
    assert.deepEqual(relayedRead('/api/v1/namespaces/shop/pods?watch=true'), { ...pods, isEndless: true });
    assert.deepEqual(relayedRead('/api/v1/namespaces/shop/pods/cart'), {
      ...pods,
      name: 'cart',
      isEndless: false,
    });
    assert.deepEqual(relayedRead('/api/v1/namespaces/a%20b/pods/cart/log?follow=true&container=main'), {
      ...pods,
      namespace: 'a b',
      resource: 'log',
      name: 'cart',
      isEndless: true,
    });
    assert.deepEqual(relayedRead('/api/v1/pods?fieldSelector=x'), {
      resource: 'pods',
      namespace: '',
      isEndless: false,
    });
    assert.deepEqual(relayedRead('/api/v1/namespaces/kube-system'), {
      resource: 'identity',
      isEndless: false,
    });
    for (const kind of ['apps/v1/namespaces/shop/deployments', 'batch/v1/namespaces/shop/jobs']) {
      assert.deepEqual(relayedRead(`/apis/${kind}/cart`), {
        resource: 'workload',
        namespace: 'shop',
        isEndless: false,
      });
    }
    assert.deepEqual(relayedRead('/apis/metrics.k8s.io/v1beta1/nodes'), {
      resource: 'nodes',
      isEndless: false,
    });
  });

  it('is nothing else, however it is written', () => {
    for (const path of [
      '',
      '/',
      'api/v1/namespaces/shop/pods',
      '/api/v1/secrets',
      '/api/v1/namespaces/shop/secrets',
      '/api/v1/namespaces/shop/secrets/token',
      '/api/v1/namespaces/shop/pods/cart/exec',
      '/api/v1/namespaces/shop/pods/cart/log/more',
      '/api/v1/namespaces/shop/pods/../secrets/token',
      '/api/v1/namespaces/shop/pods/%2e%2e/secrets',
      '/api/v1/namespaces/shop/pods/..%2f..%2fsecrets/log',
      '/api/v1/namespaces//pods',
      '/api/v1/namespaces/shop',
      '/api/v1/pods/cart',
      '/api/v1/namespaces/shop/pods/%E0%A4%A',
      '/api/v2/namespaces/shop/pods',
      '/apis/metrics.k8s.io/v1beta1/nodes/one',
      '/apis/metrics.k8s.io/v1beta1/nodes?labelSelector=a',
      '/apis/metrics.k8s.io/v1beta1/nodes?',
      '/apis/metrics.k8s.io/v1beta1/pods',
      '/apis/apps/v1/deployments',
      '/apis/apps/v1/namespaces/shop/deployments',
      '/apis/apps/v1/namespaces/shop/deployments/cart/scale',
      '/apis/apps/v1/namespaces/shop/controllerrevisions/cart',
      '/apis/batch/v1beta1/namespaces/shop/jobs/cart',
      '/api/v1/namespaces/kube-public',
      '/api/v1/namespaces/kube-system/secrets',
      `/api/v1/namespaces/shop/pods?labelSelector=${'a'.repeat(5_000)}`,
    ]) {
      assert.equal(relayedRead(path), undefined, path);
    }
  });
});
