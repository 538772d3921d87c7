import { useQuery } from '@tanstack/react-query';
import type { PodRow } from '../../src/protocol/podLog';
import type { Problem } from '../../src/protocol/problem';
import { queryKeys } from '../../src/protocol/queryKeys';
import { useConnection } from './connectionContext';
import { problemOf } from './problemOf';

export type PodsResult =
  | { readonly type: 'loading' }
  /** `problem` says why there is no newer answer, when the last question failed. */
  | { readonly type: 'found'; readonly pods: readonly PodRow[]; readonly problem?: Problem | undefined }
  | { readonly type: 'failed'; readonly problem: Problem };

/**
 * The pods of a namespace as they were when last asked; nobody tells of their changes, so
 * `refresh` asks again, and so does a view that is shown again.
 */
export function usePods(
  source: string,
  namespace: string,
): { readonly result: PodsResult; readonly refresh: () => void } {
  const { client } = useConnection();
  const query = useQuery({
    queryKey: queryKeys.pods(source, namespace),
    queryFn: async ({ signal }) => (await client.request('pods.list', { source, namespace }, signal)).pods,
    // What was missed while the view was hidden is told, but of pods nobody tells.
    refetchOnWindowFocus: 'always',
  });
  const refresh = (): void => void query.refetch();
  const problem = query.error === null ? undefined : problemOf(query.error);
  if (query.data !== undefined) {
    return { result: { type: 'found', pods: query.data, problem }, refresh };
  }
  return { result: problem === undefined ? { type: 'loading' } : { type: 'failed', problem }, refresh };
}
