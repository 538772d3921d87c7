import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { AwayChange } from '../../src/protocol/awayChange';
import { queryKeys } from '../../src/protocol/queryKeys';
import { awayTopic } from '../../src/protocol/topics';
import { useConnection } from './connectionContext';
import { useSubscription } from './useSubscription';

export interface AwayChangeResult {
  /** `undefined` where nothing happened, or nothing is known of it. */
  readonly change: AwayChange | undefined;
  /** Has it forgotten. */
  readonly dismiss: () => void;
}

/** What happened to a persona while nobody could watch. Whoever mounts this shows it: it counts as seen from then on. */
export function useAwayChange(source: string, name: string): AwayChangeResult {
  const { client } = useConnection();
  useSubscription(awayTopic(source, name));
  const { data } = useQuery({
    queryKey: queryKeys.awayChange(source, name),
    queryFn: ({ signal }) => client.request('changes.get', { source, name }, signal),
  });
  const change = data?.change;
  // By the change itself: another one may come before it is known that the last was marked.
  useEffect(() => {
    if (change?.isSeen === false) {
      // Should it fail, the mark stays in the tree, and is taken away when this is shown again.
      client.request('changes.markSeen', { source, name, until: change.until }).catch(() => undefined);
    }
  }, [client, source, name, change]);
  return {
    change,
    dismiss: () => {
      if (change !== undefined) {
        client.request('changes.dismiss', { source, name, until: change.until }).catch(() => undefined);
      }
    },
  };
}
