import { join } from 'node:path';
import type { Frame, Locator } from 'playwright-core';
import { systemClock } from '../../../src/base/clock';
import { createDemoCluster } from '../../../src/demo/demoCluster';
import { startDemoHttpServer } from '../../../src/demoServer/demoHttpServer';
import { writeKubeconfig } from '../../../src/demoServer/kubeconfigFile';
import { LoggedPods } from '../../support/loggedPods';
import { repositoryRoot } from '../../support/testbed/repositoryRoot';
import { temporaryFolder, type TemporaryFolder } from '../../support/testbed/temporaryFolder';
import { until } from '../../support/testbed/until';
import {
  startVscodeSession,
  type VscodeSession,
  type VscodeSessionOptions,
} from '../../support/testbed/vscodeSession';

export const DEADLINE_MS = 30_000;
const NAMESPACE = 'shop';
const CONTEXT = 'shop-eu';

export interface LogPanelBedOptions {
  readonly tools: VscodeSessionOptions['tools'];
  readonly pods: readonly string[];
  readonly env?: NonNullable<VscodeSessionOptions['env']>;
  readonly machineSettings?: NonNullable<VscodeSessionOptions['machineSettings']>;
  readonly size?: NonNullable<VscodeSessionOptions['size']>;
}

/** Pods whose logs a test writes, and a window of VS Code that is connected to their cluster. */
export class LogPanelBed {
  readonly session: VscodeSession;
  readonly folder: TemporaryFolder;
  readonly pods: LoggedPods;
  readonly #names: readonly string[];
  readonly #stop: () => Promise<void>;
  #written = 0;

  private constructor(
    session: VscodeSession,
    folder: TemporaryFolder,
    pods: LoggedPods,
    names: readonly string[],
    stop: () => Promise<void>,
  ) {
    this.session = session;
    this.folder = folder;
    this.pods = pods;
    this.#names = names;
    this.#stop = stop;
  }

  static async start({ tools, pods: names, env = {}, ...more }: LogPanelBedOptions): Promise<LogPanelBed> {
    const demo = createDemoCluster({ clock: systemClock, seed: 7 });
    const pods = new LoggedPods({ namespace: NAMESPACE, pods: names, otherwise: demo.fetch });
    const server = await startDemoHttpServer({ fetch: pods.fetch });
    const folder = temporaryFolder('logs');
    const kubeconfig = writeKubeconfig(join(folder.path, 'config'), [
      { name: CONTEXT, server: server.url, credentials: { type: 'none' } },
    ]);
    const session = await startVscodeSession({
      tools,
      extensionDevelopmentPath: repositoryRoot(),
      env: { KUBECONFIG: kubeconfig, ...env },
      ...more,
    });
    const { workbench } = session;
    await workbench.runCommand('View: Show ClusterPersona');
    await workbench.runCommand('ClusterPersona: Connect…');
    await workbench.pick(CONTEXT);
    await workbench.statusBarItem('1 live').first().waitFor({ timeout: DEADLINE_MS });
    await workbench.runCommand('View: Close Primary Side Bar');
    return new LogPanelBed(session, folder, pods, names, async () => {
      await session.stop();
      await server.close();
      demo.dispose();
      folder.remove();
    });
  }

  stop(): Promise<void> {
    return this.#stop();
  }

  /** One millisecond after the line before. */
  write(pod: number, ...texts: readonly string[]): void {
    const lines = texts.map((text) => {
      const time = new Date(systemClock.now() - 600_000 + this.#written)
        .toISOString()
        .replace('Z', '000000Z');
      this.#written += 1;
      return { time, text };
    });
    this.pods.logs.write(this.container(pod), ...lines);
  }

  container(pod: number): string {
    return `${this.#names[pod] ?? ''}/app`;
  }

  /** Opens the logs of the whole namespace, as somebody would who picks them. */
  async open(): Promise<Frame> {
    const { workbench } = this.session;
    await workbench.runCommand('ClusterPersona: Show Logs…');
    await workbench.pick(CONTEXT);
    await workbench.pick(NAMESPACE);
    await workbench.pick(`Everything in ${NAMESPACE}`);
    return this.panel();
  }

  panel(): Promise<Frame> {
    return this.session.workbench.webviewWith('.rows', 60_000);
  }

  async untilLast(log: Frame, text: string): Promise<void> {
    await until(
      `the last line has ${text}`,
      async () => (await log.locator('.row-text').last().innerText()).includes(text),
      { deadlineMs: DEADLINE_MS },
    );
  }

  async press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) {
      await this.session.workbench.page.keyboard.press(key);
    }
  }
}

export function texts(log: Frame): Promise<string[]> {
  return log.locator('.row-text').allInnerTexts();
}

export const searchBox = (log: Frame): Locator => log.getByRole('textbox', { name: 'Search the log' });
export const filterBox = (log: Frame): Locator => log.getByRole('textbox', { name: 'Filter lines by text' });
