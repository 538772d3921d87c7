import { useEffect } from 'react';
import { useConnection } from './connectionContext';

/**
 * Has the host tell of `topic` (or a pattern) while the component is mounted. Call it before the query that depends on it:
 * effects run in order, and what is subscribed to before it is asked cannot change unnoticed in between.
 */
export function useSubscription(topic: string): void {
  const { realtime } = useConnection();
  useEffect(() => {
    const subscription = realtime.subscribe([topic]);
    return () => subscription.dispose();
  }, [realtime, topic]);
}
