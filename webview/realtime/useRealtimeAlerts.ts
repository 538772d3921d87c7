import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { Alert, Severity } from '../../src/protocol/alert';
import { activeWorstFirst, endedLatestFirst, isAtLeast } from '../../src/protocol/alertOrder';
import type { Problem } from '../../src/protocol/problem';
import { queryKeys } from '../../src/protocol/queryKeys';
import { alertsPattern, connectionTopic } from '../../src/protocol/topics';
import { useConnection } from './connectionContext';
import { problemOf } from './problemOf';
import { useRealtimeState } from './useRealtimeState';
import { useOutage } from './useHost';
import { useSubscription } from './useSubscription';

export interface AlertSelection {
  readonly source: string;
  /** Of one persona; absent: of the source and all its personas. */
  readonly name?: string;
  /** Only those at least as bad; absent: all. */
  readonly severity?: Severity;
}

export interface AlertsResult {
  /** Those that last, the worst first; see `activeWorstFirst`. */
  readonly alerts: readonly Alert[];
  /** Those that ended lately, the latest first, as many and for as long as the limits of the view allow. */
  readonly resolved: readonly Alert[];
  /** Whether nobody knows of the source at the moment, so that what lasts may have ended and others may have begun. */
  readonly isUnwatched: boolean;
  /** No answer yet: that there are no alerts here says nothing. */
  readonly isLoading: boolean;
  /** Why there is no newer answer, when the last question failed. */
  readonly problem: Problem | undefined;
}

/** The alerts of a source or of one of its personas, kept up to date while mounted. */
export function useRealtimeAlerts({ source, name, severity }: AlertSelection): AlertsResult {
  const { client, clock } = useConnection();
  useSubscription(alertsPattern(source));
  // Whether somebody watches goes with the connection.
  useSubscription(connectionTopic(source));
  const isOut = useOutage() !== undefined;
  const limits = useRealtimeState((state) => state.limits);
  const { data, error } = useQuery({
    queryKey: name === undefined ? queryKeys.alerts(source) : queryKeys.personaAlerts(source, name),
    queryFn: ({ signal }) =>
      client.request('alerts.list', { source, ...(name !== undefined && { name }) }, signal),
  });
  const lists = useMemo(() => {
    const wanted = (data?.alerts ?? []).filter(
      (alert) => severity === undefined || isAtLeast(alert.severity, severity),
    );
    const oldest = clock.now() - limits.alertMs;
    return {
      alerts: activeWorstFirst(wanted),
      resolved: endedLatestFirst(wanted)
        .filter(({ resolvedAt = oldest }) => resolvedAt > oldest)
        .slice(0, limits.alerts),
    };
  }, [data, severity, limits, clock]);
  return {
    ...lists,
    isUnwatched: isOut || (data?.unwatched.includes(source) ?? false),
    isLoading: data === undefined && error === null,
    problem: error === null ? undefined : problemOf(error),
  };
}
