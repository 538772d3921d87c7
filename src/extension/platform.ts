import type { Clock } from '../base/clock';
import type { Disposable } from '../base/disposable';
import type { FileWriter } from '../base/fileWriter';
import type { LoadMeter } from '../base/loadMeter';
import type { Logger } from '../base/logger';
import type { ConnectionChecks, ConnectionChecksOptions } from '../cluster/connectionChecks';
import type { KubeconfigList } from '../cluster/defaultKubeconfigList';
import type { KubeconfigContext, KubeconfigReading } from '../cluster/kubeconfigContexts';
import type { ClusterConnection } from '../cluster/clusterConnection';
import type { ClusterConnectionOptions } from '../cluster/kubeconfigFetch';
import type { DemoCluster } from '../demo/demoCluster';
import type { DemoScene } from '../demo/demoScene';
import type { ChunkScanner } from '../logs/chunkScanner';
import type { LogSpill } from '../logs/logSpill';
import type { HttpFetch } from '../transport/web/httpFetch';
import type { OpenSocket } from '../transport/web/socket';

export type { KubeconfigContext, KubeconfigReading };

/** What differs between the extension hosts. Everything behind it is loaded when it is first called. */
export interface Platform {
  readonly loadMeter: LoadMeter;
  /** Absent where there is no other thread that could be stopped. Disposed with the hub. */
  readonly logScanner?: ChunkScanner;
  /** Where lines of logs go that leave memory. Absent where there are no files: in a browser. */
  readonly logSpill?: (maxBytes: () => number) => LogSpill;
  /**
   * Calls back when a network came, as far as the platform can tell. The result ends it.
   */
  onOnline(clock: Clock, callback: () => void): Disposable;
  /** For connections to hubs. */
  readonly openSocket: OpenSocket;
  readonly fetch: HttpFetch;
  createDemoCluster(options: {
    readonly clock: Clock;
    readonly seed: number;
    readonly scene: DemoScene;
    readonly logger: Logger;
  }): Promise<DemoCluster>;
  /** Between the files of a list, as programs of this system take it. */
  readonly pathDelimiter: string;
  /** Where a program is on the PATH; undefined where it is not. Absent where no program can be run: in a browser. */
  findProgram?(name: string): Promise<string | undefined>;
  /** Writes a file of any size. Absent where there are no files: in a browser. */
  createFile?(path: string): Promise<FileWriter>;
  /** Absent where there are no files: in a browser. */
  readonly kubeconfigs?: KubeconfigPlatform;
}

/** VS Code's own proxy settings; an empty `proxy` leaves it to the environment. */
export interface EditorProxy {
  readonly proxy: string;
  readonly noProxy: readonly string[];
}

interface KubeconfigPlatform {
  /** The files kubectl would use, as one. */
  defaultFiles(): KubeconfigList;
  read(entries: readonly (string | KubeconfigList)[]): Promise<KubeconfigReading>;
  /** The proxy on the way to a server, as settings and environment have it. */
  proxyFor(server: string, settings: EditorProxy): string | undefined;
  connect(options: ClusterConnectionOptions): Promise<ClusterConnection>;
  /** The checks of the way to a cluster. */
  examine(options: ConnectionChecksOptions): Promise<ConnectionChecks>;
}
