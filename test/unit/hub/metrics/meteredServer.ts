import type { KubeFetch, KubeResponse } from '../../../../src/base/kubeFetch';
import { NODE_METRICS_PATH } from '../../../../src/kube/nodeMetrics';
import { FaultServer } from '../../../support/faultServer/faultServer';

/** What its metrics are answered with: a body, a refusal, a failure of the exchange, or nothing at all. */
export type MetricsAnswer = { readonly status: number; readonly body: string } | Error | 'silence';

/** A fault server that also serves `metrics.k8s.io`, and counts who asks for it. */
export class MeteredServer {
  readonly server = new FaultServer();
  answer: MetricsAnswer = { status: 404, body: '404 page not found' };
  requests = 0;
  /** Requests that were neither answered nor aborted. */
  open = 0;
  mostOpen = 0;

  readonly fetch: KubeFetch = (path, request) => {
    if (path !== NODE_METRICS_PATH) {
      return this.server.fetch(path, request);
    }
    this.requests += 1;
    this.open += 1;
    this.mostOpen = Math.max(this.mostOpen, this.open);
    const { answer } = this;
    if (answer === 'silence') {
      return new Promise<KubeResponse>((_, reject) => {
        request?.signal?.addEventListener('abort', () => {
          this.open -= 1;
          reject(request.signal?.reason);
        });
      });
    }
    this.open -= 1;
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(responseOf(answer));
  };

  /** What nodes use from now on: CPU in cores, memory in bytes. */
  measure(usages: Readonly<Record<string, readonly [cpu: string, memory: string]>>, timestamp: string): void {
    const items = Object.entries(usages).map(([name, [cpu, memory]]) => ({
      metadata: { name },
      timestamp,
      usage: { cpu, memory },
    }));
    this.answer = { status: 200, body: JSON.stringify({ kind: 'NodeMetricsList', items }) };
  }
}

function responseOf({ status, body }: { readonly status: number; readonly body: string }): KubeResponse {
  return {
    status,
    header: () => undefined,
    body: (async function* () {
      yield new TextEncoder().encode(body);
    })(),
  };
}
