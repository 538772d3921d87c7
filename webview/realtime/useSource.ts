import { useQuery } from '@tanstack/react-query';
import type { Problem } from '../../src/protocol/problem';
import { queryKeys } from '../../src/protocol/queryKeys';
import type { SourceStatus } from '../../src/protocol/sourceState';
import { connectionTopic } from '../../src/protocol/topics';
import type { Outage, ViewHost } from '../bridge/viewHost';
import { useConnection } from './connectionContext';
import { problemOf } from './problemOf';
import { useOutage } from './useHost';
import { useSubscription } from './useSubscription';

export interface SourceResult {
  /** `undefined` before the first answer. */
  readonly status: SourceStatus | undefined;
  /** Why there is no newer answer, if the last question failed: the source may be gone. */
  readonly problem: Problem | undefined;
  readonly retry: () => void;
}

/** The state of one source, kept up to date while the component is mounted. */
export function useSource(source: string): SourceResult {
  const { client, host } = useConnection();
  const outage = useOutage();
  useSubscription(connectionTopic(source));
  const query = useQuery({
    queryKey: queryKeys.source(source),
    queryFn: ({ signal }) => client.request('sources.get', { source }, signal),
  });
  const { data, error } = query;
  const problem = error === null ? undefined : absence(problemOf(error));
  return {
    status: data && asSeen(problem?.code === 'closed' ? withdrawn(data) : data, host, outage),
    problem,
    retry: () => void query.refetch(),
  };
}

/** While the hub cannot be reached nobody knows how its sources are: they all are as the way to it is. */
export function asSeen(status: SourceStatus, host: ViewHost, outage: Outage | undefined): SourceStatus {
  return outage === undefined ? host.seen(status) : { ...status, kind: 'hub', state: outage.state };
}

/** A source that is not there is, to whoever shows it, one that is not connected: it may come back. */
function absence(problem: Problem): Problem {
  return problem.code === 'notFound' ? { ...problem, code: 'closed' } : problem;
}

/** A source that the host no longer has (its context was removed, the demo stopped) is not connected, whatever it was. */
function withdrawn(last: SourceStatus): SourceStatus {
  return { ...last, state: { type: 'idle' } };
}
