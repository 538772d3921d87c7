import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { ComponentHealth } from '../../src/protocol/component';
import type { Problem } from '../../src/protocol/problem';
import { queryKeys } from '../../src/protocol/queryKeys';
import { addonsPattern, nodesPattern } from '../../src/protocol/topics';
import { useConnection } from './connectionContext';
import { problemOf } from './problemOf';

/** `problem` beside components says why they may be out of date, when the last question failed. */
export type ComponentsResult =
  | { readonly type: 'loading' }
  | {
      readonly type: 'found';
      readonly components: readonly ComponentHealth[];
      readonly problem?: Problem | undefined;
    }
  | { readonly type: 'failed'; readonly problem: Problem };

/** The health of each node and add-on of one persona, kept up to date while mounted. */
export function useComponents(source: string, name: string): ComponentsResult {
  const { client, realtime } = useConnection();
  useEffect(() => {
    const subscription = realtime.subscribe([nodesPattern(source, name), addonsPattern(source, name)]);
    return () => subscription.dispose();
  }, [realtime, source, name]);
  const { data, error } = useQuery({
    queryKey: queryKeys.components(source, name),
    queryFn: ({ signal }) => client.request('components.list', { source, name }, signal),
  });
  const problem = error === null ? undefined : problemOf(error);
  if (data !== undefined) {
    return { type: 'found', components: data.components, problem };
  }
  return problem === undefined ? { type: 'loading' } : { type: 'failed', problem };
}
