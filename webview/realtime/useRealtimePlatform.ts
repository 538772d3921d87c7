import { useCluster, type ClusterResult } from './useCluster';
import { useComponents, type ComponentsResult } from './useComponents';
import { useRealtimeAlerts, type AlertsResult } from './useRealtimeAlerts';
import { useSource, type SourceResult } from './useSource';

export interface RealtimePlatform {
  readonly cluster: ClusterResult;
  readonly source: SourceResult;
  /** The health of its nodes and add-ons. */
  readonly components: ComponentsResult;
  readonly alerts: AlertsResult;
}

/** One ClusterPersona with everything that a live card of it shows, kept up to date while mounted. */
export function useRealtimePlatform(source: string, name: string): RealtimePlatform {
  return {
    source: useSource(source),
    cluster: useCluster(source, name),
    components: useComponents(source, name),
    alerts: useRealtimeAlerts({ source, name }),
  };
}
