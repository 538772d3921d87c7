import assert from 'node:assert/strict';
import { kubectlCommand } from '../../../../webview/logs/kubectlCommand';
import type { LogsView } from '../../../../webview/logs/logsView';

const VIEW: LogsView = { type: 'logs', source: 's', name: '', addon: '', namespace: 'shop' };
const LOCAL = { kind: 'kubeconfig' } as const;

describe('the command for kubectl', () => {
  it('is about all that is shown', () => {
    assert.deepEqual(kubectlCommand({ view: VIEW, status: LOCAL, filter: {}, isPrevious: true }), {
      type: 'openLogTerminal',
      source: 's',
      selection: { type: 'namespace', namespace: 'shop' },
      previous: true,
    });
  });

  it('is about the one pod and the one container that are left', () => {
    const filter = { pods: ['web-0'], containers: ['app'] };
    assert.deepEqual(kubectlCommand({ view: VIEW, status: LOCAL, filter, isPrevious: false }), {
      type: 'openLogTerminal',
      source: 's',
      selection: { type: 'pod', namespace: 'shop', pod: 'web-0' },
      container: 'app',
    });
    const some = { pods: ['web-0', 'web-1'], containers: ['app', 'proxy'] };
    assert.deepEqual(kubectlCommand({ view: VIEW, status: LOCAL, filter: some, isPrevious: false }), {
      type: 'openLogTerminal',
      source: 's',
      selection: { type: 'namespace', namespace: 'shop' },
    });
  });

  it('cannot be given for a cluster of a hub, or for a node, which is said', () => {
    const why = (view: LogsView, kind: 'hub' | 'kubeconfig'): string => {
      const command = kubectlCommand({ view, status: { kind }, filter: {}, isPrevious: false });
      assert.ok(typeof command === 'string');
      return command;
    };
    assert.match(why(VIEW, 'hub'), /kubeconfig/);
    assert.match(why({ ...VIEW, selection: { type: 'node', node: 'n1' } }, 'kubeconfig'), /node/);
  });
});
