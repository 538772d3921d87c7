import assert from 'node:assert/strict';
import type { QueryKey } from '@tanstack/react-query';
import { ProblemError, type ProblemCode } from '../../../../src/protocol/problem';
import { queryKeys } from '../../../../src/protocol/queryKeys';
import type { SourceState } from '../../../../src/protocol/sourceState';
import type { Connection } from '../../../../webview/realtime/connection';
import { tombstoneKey } from '../../../../webview/realtime/tombstones';
import { trackLeaks } from '../../../support/leakTracker';
import { fullPersona, NOW, showDetail } from './detailFixture';

function includes(text: string, ...parts: readonly string[]): void {
  for (const part of parts) {
    assert.ok(text.includes(part), `"${part}" is not in: ${text}`);
  }
}

function excludes(text: string, ...parts: readonly string[]): void {
  for (const part of parts) {
    assert.ok(!text.includes(part), `"${part}" is in: ${text}`);
  }
}

describe('detail panel, what it shows of a cluster', () => {
  trackLeaks();

  it('answers what it is, how it is and how true that is', () => {
    const { text } = showDetail({ object: fullPersona() });
    includes(
      text,
      'eu production Degraded · node node-b not ready · add-on ingress-nginx unhealthy',
      'EU West · Payments, Europe · EKS · Kubernetes 1.34.2+k3s1 · context kind-eu',
      'live · as of 2 s ago',
    );
  });

  it('has its alerts, those that sum up last, and where each leads', () => {
    const raised = { source: 's', name: 'eu', severity: 'warning', raisedAt: NOW - 240_000 };
    const answer = {
      alerts: [
        { ...raised, fingerprint: 'p', rule: 'phaseDegraded' },
        { ...raised, fingerprint: 'c', rule: 'conditionFalse', subject: 'Healthy' },
        { ...raised, fingerprint: 'n', rule: 'nodeNotReady', subject: 'node-b' },
        { ...raised, fingerprint: 'e', rule: 'addonUnhealthy', subject: 'ended', resolvedAt: NOW },
      ],
      unwatched: ['s'],
    };
    const { text } = showDetail({
      object: fullPersona(),
      state: { type: 'stale', since: NOW - 1_000 },
      arrange: ({ queryClient }) => queryClient.setQueryData(queryKeys.personaAlerts('s', 'eu'), answer),
    });
    includes(
      text,
      'Degraded · add-on ingress-nginx unhealthy',
      'Node node-b is not ready warning · 4 min ago Nodes Condition Healthy is False warning · 4 min ago Conditions ' +
        'The operator reports Degraded warning · 4 min ago Not live: what is listed here may have ended.',
    );
    excludes(text, 'ended is unhealthy', 'Show all', 'node node-b not ready');
  });

  it('has the figures as tiles, and says what is not known', () => {
    const { text } = showDetail({ object: fullPersona() });
    includes(
      text,
      'Nodes ready 1 of 3',
      '1 ready, 1 not ready, 1 unknown',
      'CPU 31% of 11.5 cores',
      'Memory 47 GiB use unknown',
      'Pods running 60 of 220 capacity',
      'Applications 47',
      'Last discovery 2 min ago',
    );
  });

  it('has an overview of add-ons, rules and quotas', () => {
    const { text } = showDetail({ object: fullPersona() });
    includes(
      text,
      'Add-ons 2 installed',
      'restricted , no privileged pods',
      'ghcr.io/acme',
      'team , cost-centre',
    );
    includes(text, '200 pods', 'SOC 2', '41 in total, 40 active');
    excludes(text, 'with personas');
  });

  it('lists nodes, those that are not ready first', () => {
    const { text } = showDetail({ object: fullPersona(), tab: 'nodes' });
    includes(text, 'node-b', 'not ready', 'dedicated=gpu:NoSchedule', 'containerd://2.1.4', '31 GiB');
    assert.ok(text.indexOf('node-b', text.indexOf('Pod slots')) < text.indexOf('node-a'));
  });

  it('lists add-ons with their state in words, and logs only of those that can have some', () => {
    const { html, text } = showDetail({ object: fullPersona(), tab: 'addons' });
    includes(text, 'unhealthy', 'healthy', 'not installed', 'GitOps');
    includes(html, 'Logs of argocd', 'Logs of ingress-nginx');
    excludes(html, 'Logs of grafana');
  });

  it('lists conditions with since when', () => {
    const { text } = showDetail({ object: fullPersona(), tab: 'conditions' });
    includes(text, 'Healthy', 'False', 'NodeNotReady', '1 of 3 nodes is not ready', '4 min ago');
  });

  it('says that nothing was discovered yet, and claims no zeros', () => {
    const persona = fullPersona();
    delete persona['status'];
    const { text } = showDetail({ object: persona });
    includes(
      text,
      'not discovered yet',
      'Nodes ready unknown',
      'CPU unknown',
      'Pods running unknown',
      'not yet',
    );
    excludes(text, ' 0 ', ' 0%');
    includes(showDetail({ object: persona, tab: 'nodes' }).text, 'Not discovered yet');
  });

  it('takes counts that are left out after a discovery for not reported', () => {
    const persona = { ...fullPersona(), status: { phase: 'Ready', lastDiscovery: '2026-01-01T00:00:00Z' } };
    includes(
      showDetail({ object: persona }).text,
      'Applications none reported',
      'Pods running none reported',
    );
  });

  it('shows a broken object as far as it can be read', () => {
    const { text } = showDetail({
      object: {
        metadata: { name: 'eu' },
        spec: 7,
        status: { phase: 'Sleeping', nodes: [{}, { name: 'n', ready: 'yes' }], conditions: 'none' },
      },
      tab: 'nodes',
    });
    includes(text, 'Unknown', 'Nodes ready 0 of 2', '1 unreadable entry is not shown');
  });

  it('counts what it cannot read the same everywhere, and says so', () => {
    const nodes = [{ name: 'a', ready: true }, { name: 'b', ready: true }, null, 1, 'x', {}, []];
    const object = { metadata: { name: 'eu' }, status: { phase: 'Ready', nodes } };
    const { text } = showDetail({ object, tab: 'nodes' });
    includes(text, 'Nodes ready 2 of 7', '2 ready, 5 unreadable', 'Nodes 7', '5 unreadable entries');
    excludes(text, '5 unknown');
    includes(showDetail({ object }).text, '5 unreadable entries are not shown');
  });

  it('does not claim of what it cannot read that there is none', () => {
    const status = { phase: 'Ready', nodes: [1, 2], addons: 'all', conditions: [{}] };
    const object = { metadata: { name: 'eu' }, status };
    for (const tab of ['overview', 'nodes', 'addons', 'conditions'] as const) {
      const { text } = showDetail({ object, tab });
      includes(text, 'What was reported cannot be read.');
      excludes(text, 'eported none', 'None reported');
    }
    includes(showDetail({ object, tab: 'nodes' }).text, 'Nodes 2', '2 unreadable entries');
  });

  it('calls a status of nothing but wrong types unknown, not undiscovered', () => {
    for (const status of ['x', { phase: 7, lastDiscovery: 12, nodes: 'many', addons: 1 }]) {
      const { text } = showDetail({ object: { metadata: { name: 'eu' }, status } });
      includes(text, 'Unknown', 'Last discovery unknown');
      excludes(text, 'iscovered yet', 'not yet', 'None reported');
    }
  });

  it('takes counts that cannot be read for unknown, not for none', () => {
    const status = {
      phase: 'Ready',
      lastDiscovery: '2025-12-31T00:00:00Z',
      resourceSummary: { runningPods: 1.5, totalMemory: '-5Gi', totalCPU: '9'.repeat(300) },
      applicationCount: '47',
    };
    const { text } = showDetail({ object: { metadata: { name: 'eu' }, status } });
    includes(text, 'Pods running unknown', 'Applications unknown', 'CPU unknown', 'Memory unknown');
    excludes(text, 'Pods running none', 'Applications none');
  });

  it('does not call the future past', () => {
    const future = '9999-12-31T12:00:00Z';
    const conditions = [{ type: 'Healthy', status: 'True', lastTransitionTime: future }];
    const object = {
      metadata: { name: 'eu' },
      status: { phase: 'Ready', lastDiscovery: future, conditions },
    };
    includes(showDetail({ object }).text, 'Last discovery in the future', '9999');
    const { text } = showDetail({ object, tab: 'conditions' });
    includes(text, 'in the future');
    excludes(text, '0 s ago', '0 s  ago');
    const soon = { phase: 'Ready', lastDiscovery: new Date(NOW + 59_000).toISOString() };
    includes(showDetail({ object: { metadata: { name: 'eu' }, status: soon } }).text, 'discovery 0 s ago');
  });

  it('keeps texts of any length to a few lines at its head, whole on hover', () => {
    const long = (letter: string): string => `${letter} `.repeat(250).trim();
    const object = {
      metadata: { name: 'eu' },
      spec: { name: long('n'), description: long('d') },
      status: { platform: long('p'), kubernetesVersion: long('v') },
    };
    const { html } = showDetail({ object });
    const head = html.slice(0, html.indexOf('</header>'));
    for (const text of [long('n'), long('d'), long('p')]) {
      includes(head, `<span class="clamped" title="${text}">${text}</span>`);
    }
    includes(head, '<h1 class="clamped" title="eu">eu</h1>');
  });

  it('keeps absurd figures short', () => {
    const resourceSummary = {
      totalCPU: '9999999999999999',
      totalMemory: '7Ei',
      cpuUtilization: '123456789%',
    };
    const { text } = showDetail({ object: { metadata: { name: 'eu' }, status: { resourceSummary } } });
    includes(text, '&gt;999% of 1E16 cores', '7 EiB');
  });

  it('lays out a part of thousands of nodes, and says so', () => {
    const nodes = Array.from({ length: 5_000 }, (_, index) => ({ name: `node-${index}`, ready: true }));
    const { text, html } = showDetail({
      object: { metadata: { name: 'eu' }, status: { nodes } },
      tab: 'nodes',
    });
    includes(text, 'Nodes ready 5,000 of 5,000', 'Showing 200 of 5,000', 'Show 200 more');
    assert.equal(html.match(/<tr>/g)?.length, 201);
  });

  it('shows markup in an object as text', () => {
    const object = { metadata: { name: 'eu' }, spec: { description: '<img src=x onerror=alert(1)>' } };
    excludes(showDetail({ object }).html, '<img');
  });

  it('sets no style in its markup, which the content policy would refuse', () => {
    excludes(showDetail({ object: fullPersona() }).html, 'style=');
  });
});

describe('detail panel, when there is nothing to show', () => {
  trackLeaks();

  it('shows the shape of what comes while it waits', () => {
    includes(showDetail({}).html, 'class="skeleton"', 'kind-eu');
  });

  it('says that the cluster was deleted', () => {
    const { text } = showDetail({
      object: fullPersona(),
      arrange: ({ tombstones }) => tombstones.setState(new Set([tombstoneKey('s', 'eu')]), true),
    });
    includes(text, 'eu was deleted from kind-eu');
    excludes(text, 'Nodes ready');
  });

  it('says that there is no such cluster in a source that was read', () => {
    includes(showDetail({ object: 'absent' }).text, 'eu is not in kind-eu');
  });

  it('does not claim so of a source that is still being read', () => {
    const { text } = showDetail({
      object: 'absent',
      state: { type: 'syncing', loaded: 2_000, total: 5_000 },
    });
    includes(text, 'syncing 2,000 of 5,000', 'Nothing is known of eu yet');
    excludes(text, 'is not in');
  });
});

/** The last question about `key` failed; what was known before, if anything, still is. */
function fail({ queryClient }: Connection, key: QueryKey, code: ProblemCode): void {
  const query = queryClient.getQueryCache().build(queryClient, { queryKey: key });
  const error = new ProblemError({ code, detail: 'why' });
  query.setState({ ...query.state, status: 'error', error, fetchStatus: 'idle' });
}

describe('detail panel, when a question fails', () => {
  trackLeaks();

  it('says why, and what can be done, where there is nothing to show', () => {
    const { text } = showDetail({
      arrange: (connection) => fail(connection, queryKeys.cluster('s', 'eu'), 'internal'),
    });
    includes(text, 'Something went wrong inside the extension: why.', 'Show log', 'Try again');
  });

  it('keeps what it has, marked, with a way to ask again', () => {
    const { text } = showDetail({
      object: fullPersona(),
      arrange: (connection) => fail(connection, queryKeys.cluster('s', 'eu'), 'internal'),
    });
    includes(text, 'Nodes ready 1 of 3', 'What is shown may be out of date.', 'Try again');
  });

  it('takes a source that is gone for one that is not connected', () => {
    const { text } = showDetail({
      object: fullPersona(),
      arrange: (connection) => {
        fail(connection, queryKeys.source('s'), 'notFound');
        fail(connection, queryKeys.cluster('s', 'eu'), 'closed');
      },
    });
    includes(text, 'kind-eu is not connected.', 'What is shown was true 2 s ago', 'Connect', 'Nodes ready');
  });

  it('says so once where the source was never there, and offers to connect it', () => {
    const { text } = showDetail({
      arrange: (connection) => {
        connection.queryClient.removeQueries({ queryKey: queryKeys.source('s') });
        fail(connection, queryKeys.source('s'), 'notFound');
        fail(connection, queryKeys.cluster('s', 'eu'), 'closed');
      },
    });
    assert.equal(text.split('the cluster is not connected.').length, 2, text);
    includes(text, 'Connect it. Connect', 'Nothing is known of eu yet');
    excludes(text, 'Try again');
  });
});

describe('detail panel, while its source is not live', () => {
  trackLeaks();

  const problem = { code: 'unreachable', detail: 'connect ECONNREFUSED' } as const;
  const retryAt = NOW + 4_000;
  const cases: readonly { readonly state: SourceState; readonly says: readonly string[] }[] = [
    {
      state: { type: 'stale', since: NOW - 240_000 },
      says: ['stale, 4 min', 'no sign of life', 'Reconnect'],
    },
    {
      state: { type: 'reconnecting', attempt: 3, retryAt, problem },
      says: ['reconnecting in 4 s, attempt 3', 'does not answer', 'Reconnect now'],
    },
    {
      state: { type: 'unauthorized', retryAt, problem: { code: 'unauthorized', detail: '401' } },
      says: ['not signed in', 'does not accept your credentials', 'Try again'],
    },
    {
      state: { type: 'forbidden', retryAt, problem: { code: 'forbidden', detail: '403' } },
      says: ['forbidden', 'you are not allowed to', 'clusterpersonas.dorgu.io'],
    },
    {
      state: { type: 'notInstalled', retryAt, problem: { code: 'notInstalled', detail: '404' } },
      says: ['not installed', 'does not know ClusterPersonas'],
    },
    {
      state: { type: 'failed', problem: { code: 'tls', detail: 'self-signed' } },
      says: ['failed: Certificate not trusted', 'Show log'],
    },
    { state: { type: 'paused' }, says: ['paused', 'Resume'] },
    { state: { type: 'idle' }, says: ['not connected', 'Connect'] },
  ];
  for (const { state, says } of cases) {
    it(`keeps what it knows, marked, and says what to do: ${state.type}`, () => {
      const { text } = showDetail({ object: fullPersona(), state, asOf: NOW - 240_000 });
      includes(text, 'Nodes ready 1 of 3', 'What is shown was true 4 min ago', ...says);
    });
  }

  for (const type of ['live', 'connecting'] as const) {
    it(`makes no fuss: ${type}`, () => {
      excludes(showDetail({ object: fullPersona(), state: { type } }).html, 'class="notice');
    });
  }
});
