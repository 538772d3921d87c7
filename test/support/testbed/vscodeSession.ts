import { type VscodeServer, type VscodeServerOptions, startVscodeServer } from './vscodeServer';
import { Workbench, type WorkbenchOptions } from './workbench';
import { launchChromium } from './workbenchBrowser';

export interface VscodeSessionOptions extends Omit<VscodeServerOptions, 'server'> {
  /** What requireVscode answered. */
  readonly tools: { readonly server: string; readonly chromium: string };
  readonly size?: NonNullable<WorkbenchOptions['size']>;
}

export interface VscodeSession {
  readonly workbench: Workbench;
  readonly server: VscodeServer;
  /** Opens a second window on the same server. Closed by `stop()`. */
  openWindow(): Promise<Workbench>;
  stop(): Promise<void>;
}

/** A VS Code server, a browser, and one window of it: what a suite's `before` starts and its `after` stops. */
export async function startVscodeSession(options: VscodeSessionOptions): Promise<VscodeSession> {
  const { tools, size, ...serverOptions } = options;
  const server = await startVscodeServer({ ...serverOptions, server: tools.server });
  try {
    const browser = await launchChromium(tools.chromium);
    try {
      const openWindow = (): Promise<Workbench> =>
        Workbench.open(browser, { url: server.url, ...(size === undefined ? {} : { size }) });
      const workbench = await openWindow();
      const stop = async (): Promise<void> => {
        await browser.close();
        await server.stop();
      };
      return { workbench, server, openWindow, stop };
    } catch (error) {
      await browser.close();
      throw error;
    }
  } catch (error) {
    await server.stop();
    throw error;
  }
}
