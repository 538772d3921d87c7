import type { KubeFetch, KubeRequest, KubeResponse } from '../../../src/base/kubeFetch';
import { requestKindOf, type RequestKind } from '../../support/faultServer/requestKind';

interface RecordedRequest {
  readonly kind: RequestKind;
  readonly query: URLSearchParams;
}

/** Stands at the seam and remembers what was asked. */
export class RecordedRequests {
  readonly #requests: RecordedRequest[] = [];
  readonly #fetch: KubeFetch;

  constructor(fetch: KubeFetch) {
    this.#fetch = fetch;
  }

  readonly fetch: KubeFetch = (path: string, request?: KubeRequest): Promise<KubeResponse> => {
    this.#requests.push({ kind: requestKindOf(path), query: new URLSearchParams(path.split('?')[1]) });
    return this.#fetch(path, request);
  };

  /** The queries of one kind of request, in their order. */
  of(kind: RequestKind): URLSearchParams[] {
    return this.#requests.flatMap((request) => (request.kind === kind ? [request.query] : []));
  }

  /** How many there were of a kind, or of any. */
  count(kind?: RequestKind): number {
    return kind === undefined ? this.#requests.length : this.of(kind).length;
  }
}
