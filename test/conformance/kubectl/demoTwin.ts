import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemClock } from '../../../src/base/clock';
import { createDemoCluster } from '../../../src/demo/demoCluster';
import { CertificateAuthority } from '../../../src/demoServer/certificateAuthority';
import { startDemoHttpServer } from '../../../src/demoServer/demoHttpServer';

export interface DemoTwin {
  readonly url: string;
  readonly caFile: string;
  readonly tokens: Readonly<Record<'admin' | 'viewer' | 'nobody', string>>;
  stop(): Promise<void>;
}

/** A demo cluster in this process, without personas, in which nothing happens by itself. Its CA goes to `folder`. */
export async function startDemoTwin(folder: string): Promise<DemoTwin> {
  const tokens = { admin: 'token-of-admin', viewer: 'token-of-viewer', nobody: 'token-of-nobody' };
  const cluster = createDemoCluster({ clock: systemClock, seed: 1, personas: 0, tokens });
  const authority = new CertificateAuthority('clusterpersona-demo-ca');
  const server = await startDemoHttpServer({ fetch: cluster.fetch, tls: authority.server('demo-apiserver') });
  const caFile = join(folder, 'demo-ca.crt');
  writeFileSync(caFile, authority.certificate);
  return {
    url: server.url,
    caFile,
    tokens,
    stop: async () => {
      await server.close();
      cluster.dispose();
    },
  };
}
