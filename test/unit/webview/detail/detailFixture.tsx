import { renderToStaticMarkup } from 'react-dom/server';
import { createStore } from 'zustand/vanilla';
import { toDisposable } from '../../../../src/base/disposable';
import { queryKeys } from '../../../../src/protocol/queryKeys';
import type { SourceState } from '../../../../src/protocol/sourceState';
import { createConnection, type Connection } from '../../../../webview/realtime/connection';
import { ConnectionProvider } from '../../../../webview/realtime/connectionContext';
import { DetailApp } from '../../../../webview/detail/DetailApp';
import { INITIAL_DETAIL_STATE, type DetailTab } from '../../../../webview/detail/detailState';
import { makeOpenClient } from '../scriptedHost';

/** The instant at which the view is looked at. */
export const NOW = Date.UTC(2026, 0, 1);

export interface Shown {
  /** The answer about the cluster; none while it is awaited. */
  readonly object?: object | 'absent';
  readonly state?: SourceState;
  readonly asOf?: number;
  readonly tab?: DetailTab;
  readonly arrange?: (connection: Connection) => void;
}

/** What the detail panel shows of cluster `eu` in source `s`, as text without its tags. */
export function showDetail(shown: Shown): { readonly html: string; readonly text: string } {
  const { client, clock } = makeOpenClient();
  const visibility = { isVisible: () => true, onChange: () => toDisposable(() => undefined) };
  const connection = createConnection(client, clock, visibility);
  const { object, state = { type: 'live' }, asOf = NOW - 2_000, tab = 'overview' } = shown;
  connection.queryClient.setQueryData(queryKeys.source('s'), {
    source: 's',
    kind: 'kubeconfig',
    label: 'kind-eu',
    state,
    asOf,
    count: 1,
  });
  if (object !== undefined) {
    const answer = object === 'absent' ? { type: 'absent' } : { type: 'found', object };
    connection.queryClient.setQueryData(queryKeys.cluster('s', 'eu'), answer);
  }
  shown.arrange?.(connection);
  const store = createStore(() => ({ ...INITIAL_DETAIL_STATE, tab }));
  const html = renderToStaticMarkup(
    <ConnectionProvider connection={connection}>
      <DetailApp source="s" name="eu" store={store} />
    </ConnectionProvider>,
  );
  connection.dispose();
  return { html, text: html.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ') };
}

/** A cluster with everything in it, one node and one add-on of which are not well. */
export function fullPersona(): Record<string, unknown> {
  return {
    apiVersion: 'dorgu.io/v1',
    kind: 'ClusterPersona',
    metadata: { name: 'eu', creationTimestamp: '2025-12-01T00:00:00Z', labels: { tier: 'gold' } },
    spec: {
      name: 'EU West',
      description: 'Payments, Europe',
      environment: 'production',
      policies: {
        security: {
          podSecurityStandard: 'restricted',
          disallowPrivileged: true,
          allowedRegistries: ['ghcr.io/acme'],
        },
        compliance: ['SOC 2'],
      },
      conventions: { requiredLabels: ['team', 'cost-centre'] },
      resourceQuotas: { maxPodsPerNamespace: 200 },
    },
    status: {
      phase: 'Degraded',
      lastDiscovery: new Date(NOW - 125_000).toISOString(),
      kubernetesVersion: 'v1.34.2+k3s1',
      platform: 'EKS',
      applicationCount: 47,
      nodes: [
        {
          name: 'node-a',
          role: 'control-plane',
          ready: true,
          capacity: { cpu: '4', memory: '16Gi', pods: '110' },
        },
        {
          name: 'node-b',
          role: 'worker',
          ready: false,
          capacity: { cpu: '8', memory: '31Gi', pods: '110' },
          taints: ['dedicated=gpu:NoSchedule'],
          kubeletVersion: 'v1.34.2',
          containerRuntime: 'containerd://2.1.4',
        },
        { name: 'node-c', role: 'worker' },
      ],
      resourceSummary: {
        totalCPU: '12',
        allocatableCPU: '11500m',
        cpuUtilization: '31%',
        totalMemory: '47Gi',
        totalPods: 220,
        runningPods: 60,
      },
      addons: [
        {
          name: 'argocd',
          type: 'gitops',
          installed: true,
          version: '3.1.4',
          namespace: 'argocd',
          healthy: true,
        },
        { name: 'ingress-nginx', type: 'ingress', installed: true, namespace: 'ingress', healthy: false },
        { name: 'grafana', type: 'monitoring', installed: false },
      ],
      namespaces: { total: 41, active: 40 },
      conditions: [
        {
          type: 'Healthy',
          status: 'False',
          reason: 'NodeNotReady',
          message: '1 of 3 nodes is not ready',
          lastTransitionTime: new Date(NOW - 240_000).toISOString(),
        },
      ],
    },
  };
}
