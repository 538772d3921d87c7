import { isRecord } from '../base/jsonRecord';
import type { KubeResponse } from '../base/kubeFetch';
import { readText } from '../base/readBody';
import { ProblemError } from '../protocol/problem';
import { problemFromResponse } from '../protocol/problemFromResponse';

/** `metrics.k8s.io`, which metrics-server or an adapter serves. It knows no pages. */
export const NODE_METRICS_PATH = '/apis/metrics.k8s.io/v1beta1/nodes';

/** A node is 0.5–1.5 kB, mostly its labels: this is all nodes of the largest cluster that Kubernetes supports. */
const MAX_BODY_BYTES = 8 * 1024 * 1024;

/** What a node uses, as it was written; absent is what was not. */
export interface NodeMetrics {
  readonly name: string;
  /** RFC 3339. */
  readonly timestamp?: string | undefined;
  /** Quantities. */
  readonly cpu?: string | undefined;
  readonly memory?: string | undefined;
}

/**
 * - `notServed`: nobody serves it here, or whoever does is not there at the moment
 * - `notAllowed`: the user may not ask
 */
export type NodeMetricsAnswer =
  | { readonly type: 'measured'; readonly nodes: readonly NodeMetrics[] }
  | { readonly type: 'notServed' }
  | { readonly type: 'notAllowed' };

/**
 * Reads the answer to a GET of {@link NODE_METRICS_PATH}; entries that cannot be read are left out. Rejects with
 * {@link ProblemError} for any other answer, with `BodyTooLargeError`, or with the transport's error.
 */
export async function readNodeMetrics(response: KubeResponse): Promise<NodeMetricsAnswer> {
  if (response.status !== 200) {
    const { problem } = await problemFromResponse(response);
    switch (response.status) {
      case 404:
      case 503:
        return { type: 'notServed' };
      case 403:
        return { type: 'notAllowed' };
      default:
        throw new ProblemError(problem);
    }
  }
  const list = parseJson(await readText(response.body, MAX_BODY_BYTES));
  const items = isRecord(list) ? (list['items'] ?? []) : undefined;
  if (!Array.isArray(items)) {
    throw new ProblemError({ code: 'malformed', detail: 'not a list of node metrics' });
  }
  return { type: 'measured', nodes: items.flatMap((item) => nodeMetricsOf(item) ?? []) };
}

function nodeMetricsOf(item: unknown): NodeMetrics | undefined {
  if (!isRecord(item) || !isRecord(item['metadata'])) {
    return undefined;
  }
  const name = textOf(item['metadata']['name']);
  const usage = isRecord(item['usage']) ? item['usage'] : {};
  return name === undefined || name === ''
    ? undefined
    : {
        name,
        timestamp: textOf(item['timestamp']),
        cpu: textOf(usage['cpu']),
        memory: textOf(usage['memory']),
      };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ProblemError({ code: 'malformed', detail: 'the node metrics are not JSON' }, error);
  }
}
