import assert from 'node:assert/strict';
import { join } from 'node:path';
import { systemClock } from '../../../src/base/clock';
import { createDemoCluster, type DemoCluster } from '../../../src/demo/demoCluster';
import { startDemoHttpServer, type DemoHttpServer } from '../../../src/demoServer/demoHttpServer';
import { writeDemoKubeconfig } from '../../../src/demoServer/demoKubeconfig';
import { temporaryFolder, type TemporaryFolder } from '../../support/testbed/temporaryFolder';

/** A demo cluster that a hub follows over HTTP, and that a test can change. */
export class ServedFleet {
  readonly #demo: DemoCluster;
  readonly #server: DemoHttpServer;
  readonly #folder: TemporaryFolder;
  /** For the hub's command line. */
  readonly args: readonly string[];

  private constructor(
    demo: DemoCluster,
    server: DemoHttpServer,
    folder: TemporaryFolder,
    args: readonly string[],
  ) {
    this.#demo = demo;
    this.#server = server;
    this.#folder = folder;
    this.args = args;
  }

  /** With so many personas in which nothing happens by itself, or without a number the fleet that the demo has. */
  static async start(personas?: number): Promise<ServedFleet> {
    const folder = temporaryFolder('served-fleet');
    const demo = createDemoCluster({
      clock: systemClock,
      seed: 1,
      ...(personas === undefined ? {} : { personas }),
    });
    if (personas === undefined) {
      demo.start();
    }
    const server = await startDemoHttpServer({ fetch: demo.fetch });
    const kubeconfig = join(folder.path, 'config');
    writeDemoKubeconfig(kubeconfig, { url: server.url });
    return new ServedFleet(demo, server, folder, ['--kubeconfig', kubeconfig, '--context', 'demo']);
  }

  /** Merges `change` into a persona. */
  async patch(name: string, change: object): Promise<void> {
    const { status, body } = await this.#demo.fetch(`/apis/dorgu.io/v1/clusterpersonas/${name}`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/merge-patch+json' },
      body: JSON.stringify(change),
    });
    await drained(body);
    assert.equal(status, 200);
  }

  async remove(name: string): Promise<void> {
    const { status, body } = await this.#demo.fetch(`/apis/dorgu.io/v1/clusterpersonas/${name}`, {
      method: 'DELETE',
    });
    await drained(body);
    assert.equal(status, 200);
  }

  async stop(): Promise<void> {
    await this.#server.close();
    this.#demo.dispose();
    this.#folder.remove();
  }
}

async function drained(body: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const chunk of body) {
    assert.ok(chunk.length > 0);
  }
}
