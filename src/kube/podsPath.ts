import * as v from 'valibot';
import type { KubeFetch } from '../base/kubeFetch';
import { readText } from '../base/readBody';
import type { LogSelection } from '../protocol/logView';
import { decode } from '../protocol/messages';
import { ProblemError } from '../protocol/problem';
import { problemFromResponse } from '../protocol/problemFromResponse';

/** A workload holds the template of its pods: some tens of kB at most. */
const MAX_WORKLOAD_BYTES = 4 * 1024 * 1024;

const COLLECTIONS = {
  Deployment: 'apis/apps/v1/namespaces/{}/deployments',
  StatefulSet: 'apis/apps/v1/namespaces/{}/statefulsets',
  DaemonSet: 'apis/apps/v1/namespaces/{}/daemonsets',
  ReplicaSet: 'apis/apps/v1/namespaces/{}/replicasets',
  Job: 'apis/batch/v1/namespaces/{}/jobs',
} as const;

const workloadSchema = v.object({
  spec: v.object({
    selector: v.object({
      matchLabels: v.nullish(v.record(v.string(), v.string()), {}),
      matchExpressions: v.nullish(
        v.array(
          v.object({
            key: v.string(),
            operator: v.picklist(['In', 'NotIn', 'Exists', 'DoesNotExist']),
            values: v.nullish(v.array(v.string()), []),
          }),
        ),
        [],
      ),
    }),
  }),
});
type Selector = v.InferOutput<typeof workloadSchema>['spec']['selector'];

/**
 * The path of the collection of the pods that are selected, with its query. A workload is asked for its selector. Rejects with
 * {@link ProblemError}, the transport's error, or the signal's reason.
 */
export async function podsPath(
  fetch: KubeFetch,
  selection: LogSelection,
  signal: AbortSignal,
): Promise<string> {
  switch (selection.type) {
    case 'namespace':
      return podsIn(selection.namespace);
    case 'selector':
      return podsIn(selection.namespace, { labelSelector: selection.selector });
    case 'pod':
      return podsIn(selection.namespace, { fieldSelector: `metadata.name=${selection.pod}` });
    case 'workload':
      return podsIn(selection.namespace, { labelSelector: await selectorOf(fetch, selection, signal) });
    case 'node':
      return `/api/v1/pods?${new URLSearchParams({ fieldSelector: `spec.nodeName=${selection.node}` }).toString()}`;
    default:
      return selection satisfies never;
  }
}

function podsIn(namespace: string, query: Record<string, string> = {}): string {
  const text = new URLSearchParams(query).toString();
  return `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods${text === '' ? '' : `?${text}`}`;
}

async function selectorOf(
  fetch: KubeFetch,
  { namespace, kind, name }: Extract<LogSelection, { type: 'workload' }>,
  signal: AbortSignal,
): Promise<string> {
  const collection = COLLECTIONS[kind].replace('{}', encodeURIComponent(namespace));
  const response = await fetch(`/${collection}/${encodeURIComponent(name)}`, { signal });
  if (response.status !== 200) {
    throw new ProblemError((await problemFromResponse(response, signal)).problem);
  }
  const text = await readText(response.body, MAX_WORKLOAD_BYTES);
  signal.throwIfAborted();
  const decoded = decode(workloadSchema, parseJson(text));
  if (!decoded.ok) {
    throw new ProblemError({ code: 'malformed', detail: `not a ${kind}: ${decoded.problem.detail}` });
  }
  return selectorText(decoded.value.spec.selector);
}

/** As a query has it. */
function selectorText({ matchLabels, matchExpressions }: Selector): string {
  const labels = Object.entries(matchLabels ?? {}).map(([key, value]) => `${key}=${value}`);
  const expressions = (matchExpressions ?? []).map(({ key, operator, values }) => {
    switch (operator) {
      case 'In':
        return `${key} in (${(values ?? []).join(',')})`;
      case 'NotIn':
        return `${key} notin (${(values ?? []).join(',')})`;
      case 'Exists':
        return key;
      case 'DoesNotExist':
        return `!${key}`;
      default:
        return operator satisfies never;
    }
  });
  return [...labels, ...expressions].join(',');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ProblemError({ code: 'malformed', detail: 'the workload is not JSON' }, error);
  }
}
