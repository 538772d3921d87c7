import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../../support/testbed/command';
import type { KubernetesBinaries } from '../../support/testbed/kubernetesBinaries';
import { temporaryFolder } from '../../support/testbed/temporaryFolder';
import { startDemoTwin } from './demoTwin';
import { KubectlSession } from './kubectlSession';
import { startRealTwin } from './realTwin';
import { readWorkloads } from './workloads';

export interface BothClusters {
  readonly demo: KubectlSession;
  readonly real: KubectlSession;
  /** Ends both clusters and whatever kubectl still runs. */
  stop(): Promise<void>;
}

const unknownToken = 'nobody-has-this-token';

/** The demo cluster, and a real one that is made to hold the same. */
export async function startBothClusters(binaries: KubernetesBinaries): Promise<BothClusters> {
  const folder = temporaryFolder('kubectl');
  const stops: (() => Promise<void> | void)[] = [() => folder.remove()];
  const stop = async (): Promise<void> => {
    for (const each of stops.toReversed()) {
      await each();
    }
  };
  const sessionFolder = (name: string): string => {
    const path = join(folder.path, name);
    mkdirSync(path);
    return path;
  };
  try {
    const { kubectl } = binaries;
    const demoTwin = await startDemoTwin(folder.path);
    stops.push(() => demoTwin.stop());
    const tokens = { ...demoTwin.tokens, stranger: unknownToken };
    const names = new Map<string, string>();
    const demoFolder = sessionFolder('demo');
    const { url: server, caFile } = demoTwin;
    const demo = new KubectlSession({ kubectl, folder: demoFolder, server, caFile, tokens, names });
    stops.push(() => demo.close());

    const workloads = await readWorkloads((args) => runCommand(kubectl, args, { env: demo.environment }));
    for (const [name, value] of workloads.names) {
      names.set(name, value);
    }

    const cluster = await startRealTwin(binaries, workloads);
    stops.push(() => cluster.stop());
    const { adminToken, viewerToken, nobodyToken, caFile: realCaFile } = cluster.credentials;
    const real = new KubectlSession({
      kubectl,
      folder: sessionFolder('real'),
      server: cluster.url,
      caFile: realCaFile,
      tokens: { admin: adminToken, viewer: viewerToken, nobody: nobodyToken, stranger: unknownToken },
      names,
    });
    stops.push(() => real.close());
    return { demo, real, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
