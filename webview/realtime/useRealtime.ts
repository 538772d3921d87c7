import { useEffect, useMemo } from 'react';
import type { HubEventType } from '../../src/protocol/hubEvent';
import type { ConnectionState, FlowFigures } from '../../src/client/hubClient';
import { useConnection } from './connectionContext';
import type { RecentItem } from './recentItems';
import type { RealtimeUpdate } from './realtimeStore';
import { createUpdateFilter } from './updateFilter';
import { useConnectionState } from './useConnectionState';
import { useRealtimeState } from './useRealtimeState';
import { useStable } from './useStable';

export interface RealtimeOptions {
  /** As many updates at most; absent: as many as the limits of the view allow. */
  readonly limit?: number;
  /** Of these types only; absent: of all. */
  readonly types?: readonly HubEventType[];
}

export interface RealtimeResult {
  /** Those that match and came since somebody in this view first asked for them, latest first, each with its age. */
  readonly updates: readonly RecentItem<RealtimeUpdate>[];
  readonly connection: ConnectionState['type'];
  readonly isConnected: boolean;
  /** How fast updates come; `undefined` until the host tells it. */
  readonly flow: FlowFigures | undefined;
  /** Wall milliseconds at which updates were last missed; `undefined` where none were for as long as updates are kept. */
  readonly missedAt: number | undefined;
}

/**
 * What happens to the topics that match one of `patterns`, while mounted. It says what changed, not how it is now: that is for
 * the hooks that ask. Renders for its own updates only, once a frame.
 */
export function useRealtime(patterns: readonly string[], options: RealtimeOptions = {}): RealtimeResult {
  const { realtime } = useConnection();
  const wanted = useStable(patterns);
  const types = useStable(options.types);
  const { limit } = options;
  useEffect(() => {
    const subscription = realtime.subscribe(wanted);
    return () => subscription.dispose();
  }, [realtime, wanted]);
  const filter = useMemo(
    () => createUpdateFilter({ patterns: wanted, types, limit }),
    [wanted, types, limit],
  );
  const updates = useRealtimeState(filter);
  const flow = useRealtimeState((state) => state.flow);
  const missedAt = useRealtimeState((state) => state.missedAt);
  const connection = useConnectionState().type;
  return { updates, connection, isConnected: connection === 'open', flow, missedAt };
}
