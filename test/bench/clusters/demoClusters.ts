import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { CertificateAuthority } from '../../../src/demoServer/certificateAuthority';
import { writeKubeconfig } from '../../../src/demoServer/kubeconfigFile';
import { temporaryFolder } from '../../support/testbed/temporaryFolder';
import { Program } from '../method/program';

export interface DemoClusters {
  /** One context a cluster. */
  readonly kubeconfig: string;
  readonly urls: readonly string[];
  /** The authority of their certificates. */
  readonly caFile: string;
  /** Writes into each, and makes it forget its history: whoever goes on from before is told 410. */
  forget(): Promise<void>;
  /** CPU time of the serving process so far, in microseconds. */
  cpuMicros(): Promise<number>;
  stop(): Promise<void>;
}

export interface DemoClustersOptions {
  readonly clusters: number;
  /** In each. */
  readonly personas: number;
  readonly isPlainHttp?: boolean;
}

/** 1,000 clusters were seen to take some seconds to make. */
const SERVE_DEADLINE_MS = 120_000;

/** Starts one process that serves demo clusters on loopback, over HTTPS unless told otherwise. */
export async function startDemoClusters(options: DemoClustersOptions): Promise<DemoClusters> {
  const { clusters, personas, isPlainHttp = false } = options;
  const folder = temporaryFolder('bench-demo');
  const authority = new CertificateAuthority('clusterpersona-bench-ca');
  const caFile = join(folder.path, 'ca.crt');
  writeFileSync(caFile, authority.certificate);
  const program = await Program.start('demoClusterProgram');
  try {
    const urls = await program.ask(
      'serve',
      { clusters, personas, ...(isPlainHttp ? {} : { tls: authority.server('demo-cluster') }) },
      v.array(v.string()),
      SERVE_DEADLINE_MS,
    );
    const kubeconfig = writeKubeconfig(
      join(folder.path, 'kubeconfig'),
      urls.map((server, index) => ({
        name: `demo-${index}`,
        server,
        caFile,
        credentials: { type: 'none' },
      })),
    );
    return {
      kubeconfig,
      urls,
      caFile,
      forget: async () => {
        await program.ask('forget', undefined, v.unknown());
      },
      cpuMicros: () => program.ask('cpu', undefined, v.number()),
      async stop() {
        await program.stop();
        folder.remove();
      },
    };
  } catch (error) {
    await program.stop();
    folder.remove();
    throw error;
  }
}
