import assert from 'node:assert/strict';
import type { PodRow } from '../../../../src/protocol/podLog';
import { pickPod } from '../../../../webview/logs/pickPod';

function pod(name: string, phase = 'Running'): PodRow {
  return { namespace: 'n', name, phase, containers: ['c'] };
}

function picked(addon: string, ...pods: readonly PodRow[]): string | undefined {
  return pickPod(pods, addon)?.name;
}

describe('pickPod', () => {
  it('takes the pod that starts with the add-on’s name', () => {
    assert.equal(
      picked('prometheus', pod('alertmanager-0'), pod('kube-prometheus-1'), pod('prometheus-server-0')),
      'prometheus-server-0',
    );
  });

  it('takes a running one of several that match', () => {
    assert.equal(picked('argocd', pod('argocd-a', 'Succeeded'), pod('argocd-b')), 'argocd-b');
  });

  it('takes the one that matches before one that only runs', () => {
    assert.equal(picked('argocd', pod('redis-0'), pod('argocd-server', 'Pending')), 'argocd-server');
  });

  it('takes the first that runs where none is alike', () => {
    assert.equal(picked('loki', pod('a', 'Failed'), pod('b'), pod('c')), 'b');
  });

  it('finds a common word', () => {
    assert.equal(picked('ingress-nginx', pod('redis-0'), pod('my-nginx-7c9f')), 'my-nginx-7c9f');
  });

  it('has nothing to take where there are none', () => {
    assert.equal(picked('argocd'), undefined);
  });
});
