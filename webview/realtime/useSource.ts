import { useQuery } from '@tanstack/react-query';
import { queryKeys } from '../../src/protocol/queryKeys';
import type { SourceStatus } from '../../src/protocol/sourceState';
import { connectionTopic } from '../../src/protocol/topics';
import { useConnection } from './connectionContext';
import { useSubscription } from './useSubscription';

/**
 * Proof that a source is live comes every few seconds and is no event: a change of state is. So that the age of the data
 * that stands beside the state stays true, it is asked at this pace while the view can be seen.
 */
const AGE_INTERVAL_MS = 5_000;

/** The state of one source; `undefined` before the first answer. */
export function useSource(source: string): SourceStatus | undefined {
  const { client } = useConnection();
  useSubscription(connectionTopic(source));
  const { data } = useQuery({
    queryKey: queryKeys.source(source),
    queryFn: ({ signal }) => client.request('sources.get', { source }, signal),
    refetchInterval: AGE_INTERVAL_MS,
  });
  return data;
}
