import type { KubeFetch, KubeResponse } from '../../src/base/kubeFetch';
import { ScriptedBody } from '../unit/kube/scriptedKube';
import { LogServer } from './logServer';

export interface LoggedPodsOptions {
  readonly namespace: string;
  /** Each has one container, `app`. */
  readonly pods: readonly string[];
  /** Answers everything else. */
  readonly otherwise: KubeFetch;
}

/** A namespace whose pods write what a test has them write, within a cluster that is another one's. */
export class LoggedPods {
  readonly logs = new LogServer();
  readonly #options: LoggedPodsOptions;

  constructor(options: LoggedPodsOptions) {
    this.#options = options;
  }

  readonly fetch: KubeFetch = (path, request) => {
    const { namespace, otherwise } = this.#options;
    const url = new URL(path, 'http://cluster');
    const base = `/api/v1/namespaces/${namespace}/pods`;
    if (url.pathname === '/api/v1/namespaces') {
      return Promise.resolve(listOf('NamespaceList', [{ metadata: { name: namespace } }]));
    }
    if (url.pathname.startsWith(`${base}/`)) {
      return this.logs.fetch(path, request);
    }
    if (url.pathname !== base) {
      return otherwise(path, request);
    }
    if (!['1', 'true'].includes(url.searchParams.get('watch') ?? '')) {
      return Promise.resolve(listOf('PodList', this.#pods()));
    }
    // As a server says where a watch begins.
    const bookmark = {
      type: 'BOOKMARK',
      object: { kind: 'Pod', apiVersion: 'v1', metadata: { resourceVersion: '1' } },
    };
    const body = new ScriptedBody().write(`${JSON.stringify(bookmark)}\n`);
    request?.signal?.addEventListener('abort', () => body.fail(new Error('aborted')));
    return Promise.resolve({ status: 200, header: () => undefined, body });
  };

  #pods(): object[] {
    const { namespace, pods } = this.#options;
    return pods.map((name) => ({
      metadata: { name, namespace, uid: `uid-${name}`, resourceVersion: '1' },
      spec: { containers: [{ name: 'app' }] },
      status: {
        phase: 'Running',
        containerStatuses: [
          { name: 'app', restartCount: 0, state: { running: { startedAt: '2026-01-01T00:00:00Z' } } },
        ],
      },
    }));
  }
}

function listOf(kind: string, items: readonly object[]): KubeResponse {
  const list = { kind, apiVersion: 'v1', metadata: { resourceVersion: '1' }, items };
  const body = new ScriptedBody().write(JSON.stringify(list)).end();
  return { status: 200, header: () => undefined, body };
}
