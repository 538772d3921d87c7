import type { Clock } from '../base/clock';
import type { Logger } from '../base/logger';
import type { KubeconfigContext, KubeconfigReading } from '../cluster/kubeconfigContexts';
import type { ClusterConnection, ClusterConnectionOptions } from '../cluster/kubeconfigFetch';
import type { DemoCluster } from '../demo/demoCluster';

export type { ClusterConnection, DemoCluster, KubeconfigContext, KubeconfigReading };

/** What differs between the extension hosts. Everything behind it is loaded when it is first called. */
export interface Platform {
  createDemoCluster(options: {
    readonly clock: Clock;
    readonly seed: number;
    readonly logger: Logger;
  }): Promise<DemoCluster>;
  /** Absent where there are no files: in a browser. */
  readonly kubeconfigs?: KubeconfigPlatform;
}

export interface KubeconfigPlatform {
  /** The files kubectl would use. */
  defaultPaths(): readonly string[];
  read(paths: readonly string[]): Promise<KubeconfigReading>;
  connect(options: ClusterConnectionOptions): Promise<ClusterConnection>;
}
