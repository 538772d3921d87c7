import { useQuery } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import { ProblemError, type Problem } from '../../src/protocol/problem';
import { queryKeys } from '../../src/protocol/queryKeys';
import type { RequestResult } from '../../src/protocol/requests';
import { clusterTopic } from '../../src/protocol/topics';
import type { HubClient } from '../../src/client/hubClient';
import { useConnection } from './connectionContext';
import { problemOf } from './problemOf';
import { tombstoneKey } from './tombstones';
import { useSubscription } from './useSubscription';

/** The object as the API has it, undecoded. */
type ClusterObject = RequestResult<'clusters.get'>['object'];

/**
 * - `loading`: the first answer is awaited
 * - `found`: `problem` says why the object may be out of date, when the last question failed
 * - `absent`: the hub holds no such object; `wasDeleted` when that was told, not only found so
 * - `failed`: there was no answer, and nothing to show meanwhile
 */
export type ClusterResult =
  | { readonly type: 'loading' }
  | {
      readonly type: 'found';
      readonly object: ClusterObject;
      readonly problem?: Problem | undefined;
      readonly retry: () => void;
    }
  | { readonly type: 'absent'; readonly wasDeleted: boolean }
  | { readonly type: 'failed'; readonly problem: Problem; readonly retry: () => void };

type Answer = { readonly type: 'found'; readonly object: ClusterObject } | { readonly type: 'absent' };

/** Asks for one cluster; that there is none is an answer, not an error. */
export async function fetchCluster(
  client: Pick<HubClient, 'request'>,
  source: string,
  name: string,
  signal: AbortSignal,
): Promise<Answer> {
  try {
    const { object } = await client.request('clusters.get', { source, name }, signal);
    return { type: 'found', object };
  } catch (error) {
    if (error instanceof ProblemError && error.problem.code === 'notFound') {
      return { type: 'absent' };
    }
    throw error;
  }
}

/** One ClusterPersona, kept up to date while the component is mounted. */
export function useCluster(source: string, name: string): ClusterResult {
  const { client, tombstones } = useConnection();
  const readTombstone = (): boolean => tombstones.getState().has(tombstoneKey(source, name));
  const wasDeleted = useSyncExternalStore(tombstones.subscribe, readTombstone, readTombstone);
  useSubscription(clusterTopic(source, name));
  const query = useQuery({
    queryKey: queryKeys.cluster(source, name),
    queryFn: ({ signal }) => fetchCluster(client, source, name, signal),
    enabled: !wasDeleted,
  });
  if (wasDeleted) {
    return { type: 'absent', wasDeleted };
  }
  const { data, error } = query;
  const retry = (): void => void query.refetch();
  if (data === undefined) {
    return error === null ? { type: 'loading' } : { type: 'failed', problem: problemOf(error), retry };
  }
  if (data.type === 'absent') {
    return { type: 'absent', wasDeleted: false };
  }
  const problem = error === null ? undefined : problemOf(error);
  return { type: 'found', object: data.object, problem, retry };
}
