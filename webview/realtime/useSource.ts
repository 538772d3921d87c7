import { useQuery } from '@tanstack/react-query';
import type { Problem } from '../../src/protocol/problem';
import { queryKeys } from '../../src/protocol/queryKeys';
import type { SourceStatus } from '../../src/protocol/sourceState';
import { connectionTopic } from '../../src/protocol/topics';
import { useConnection } from './connectionContext';
import { problemOf } from './problemOf';
import { useSubscription } from './useSubscription';

/**
 * Proof that a source is live comes every few seconds and is no event: a change of state is. So that the age of the data
 * that stands beside the state stays true, it is asked at this pace while the view can be seen.
 */
const AGE_INTERVAL_MS = 5_000;

export interface SourceResult {
  /** `undefined` before the first answer. */
  readonly status: SourceStatus | undefined;
  /** Why there is no newer answer, if the last question failed: the source may be gone. */
  readonly problem: Problem | undefined;
}

/** The state of one source, kept up to date while the component is mounted. */
export function useSource(source: string): SourceResult {
  const { client } = useConnection();
  useSubscription(connectionTopic(source));
  const { data, error } = useQuery({
    queryKey: queryKeys.source(source),
    queryFn: ({ signal }) => client.request('sources.get', { source }, signal),
    refetchInterval: AGE_INTERVAL_MS,
  });
  return { status: data, problem: error === null ? undefined : problemOf(error) };
}
