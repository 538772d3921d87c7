import { useEffect, useState, useSyncExternalStore } from 'react';
import { useConnection } from './connectionContext';
import { LogFollower, type LogSnapshot, type LogTarget } from './logFollower';
import { useOutage } from './useHost';

export interface LogStream {
  readonly snapshot: LogSnapshot;
  readonly follower: LogFollower;
}

/** Follows one container while mounted, none where there is no target. The stream ends with the component. */
export function useLogStream(target: LogTarget | undefined): LogStream {
  const { client } = useConnection();
  const [follower] = useState(() => new LogFollower(client, () => client.limits.logLines));
  useEffect(() => {
    const listening = client.onLimits(() => follower.trim());
    return () => listening.dispose();
  }, [client, follower]);
  const { source, namespace, pod, container } = target ?? {};
  useEffect(() => {
    if (source === undefined || namespace === undefined || pod === undefined) {
      return undefined;
    }
    const following = follower.follow({
      source,
      namespace,
      pod,
      ...(container !== undefined && { container }),
    });
    return () => following.dispose();
  }, [follower, source, namespace, pod, container]);
  const snapshot = useSyncExternalStore(follower.subscribe, follower.snapshot, follower.snapshot);
  const isOut = useOutage() !== undefined;
  // The hub goes on reading, or does not: nothing comes from it until it can be reached, and then the stream is opened anew.
  return { follower, snapshot: isOut ? { ...snapshot, state: { type: 'connecting' } } : snapshot };
}
