import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Frame, Locator, Page } from 'playwright-core';
import { repositoryRoot } from './repositoryRoot';
import { until } from './until';

export interface WorkbenchOptions {
  readonly url: string;
  /** Of the window, in CSS pixels. */
  readonly size?: { readonly width: number; readonly height: number };
}

/** VS Code's own themes, one of each kind. */
export const themes = {
  dark: 'Dark Modern',
  light: 'Light Modern',
  highContrastDark: 'Dark High Contrast',
  highContrastLight: 'Light High Contrast',
} as const;

// A cold workbench on two busy cores was seen to take 20 s.
const openDeadlineMs = 90_000;
const answerDeadlineMs = 20_000;
// After this a step of a QuickPick is begun anew.
const quickInputMs = 2_000;
// VS Code creates a webview's page only once its service worker was looked for anew, which was seen to take 41 s beside a
// load of ten on two cores; until then no extension has a say.
const webviewDeadlineMs = 60_000;

// The server was installed without its native modules, and code-server's page asks for files it does not ship.
const serversOwn = [
  /Could not locate the bindings file/,
  /Cannot find module '\.\/build\/Release\/watchdog'/,
  /\[Service Worker\] registration/,
  /A bad HTTP response code \(404\) was received when fetching the script/,
  /Failed to load resource: the server responded with a status of 404/,
  // Its page asks for an account that nobody has here, and gives up when a busy machine is slow to answer.
  /Timed out waiting for authentication provider 'github'/,
  // Said by VS Code of its own parts whenever a window in a browser is reloaded.
  /\[lifecycle\] Long running operations during shutdown are unsupported in the web/,
  /Unable to write file 'vscode-log:.*IndexedDB database 'vscode-web-db' is closed/,
];

function isServersOwn(message: string): boolean {
  return serversOwn.some((pattern) => pattern.test(message));
}

/** One VS Code window in a browser: what a person at it can see and do. */
export class Workbench {
  readonly page: Page;
  /** What the page, its webviews and the extension host wrote to the console as an error, oldest first. */
  readonly consoleErrors: readonly string[];
  readonly #context: { close(): Promise<void> };

  private constructor(page: Page, consoleErrors: readonly string[], context: { close(): Promise<void> }) {
    this.page = page;
    this.consoleErrors = consoleErrors;
    this.#context = context;
  }

  /**
   * Opens the workbench in a browser profile of its own, and resolves once its status bar is drawn.
   * `prepare` runs before the page loads.
   */
  static async open(
    browser: Browser,
    options: WorkbenchOptions,
    prepare: (page: Page) => Promise<void> = () => Promise.resolve(),
  ): Promise<Workbench> {
    const context = await browser.newContext({
      viewport: options.size ?? { width: 1280, height: 800 },
      reducedMotion: 'reduce',
    });
    try {
      const page = await context.newPage();
      const errors: string[] = [];
      page.on('console', (message) => {
        if (message.type() === 'error' && !isServersOwn(message.text())) {
          errors.push(message.text());
        }
      });
      page.on('pageerror', (error) => errors.push(error.stack ?? error.message));
      await prepare(page);
      await page.goto(options.url, { timeout: openDeadlineMs });
      await page.locator('.monaco-workbench .statusbar').waitFor({ timeout: openDeadlineMs });
      return new Workbench(page, errors, context);
    } catch (error) {
      await context.close();
      throw error;
    }
  }

  /** Runs a command by the exact title the palette shows, as in `ClusterPersona: Refresh`. */
  async runCommand(title: string): Promise<void> {
    await this.page.keyboard.press('F1');
    // A window that is still starting moves the focus, which closes the palette: then it is opened again, as anybody would.
    await this.#take(title, '>', async (input) => {
      if (!(await input.isVisible())) {
        await this.page.keyboard.press('F1');
      }
    });
  }

  /** Takes the entry of the open QuickPick whose label is exactly `label`, filtering by it first. */
  async pick(label: string): Promise<void> {
    await this.#take(label, '', () => Promise.resolve());
  }

  async #take(label: string, prefix: string, reopen: (input: Locator) => Promise<void>): Promise<void> {
    const input = this.page.locator('.quick-input-widget:visible input.input');
    const row = this.#quickPickRow(label).first();
    await until(
      `The list offers ${label}`,
      async () => {
        await reopen(input);
        await input.waitFor({ timeout: quickInputMs });
        // An extension may have come up since the list was made: only typing anew makes another.
        await input.fill(prefix, { timeout: quickInputMs });
        await input.fill(`${prefix}${label}`, { timeout: quickInputMs });
        await row.click({ timeout: quickInputMs });
        return true;
      },
      { deadlineMs: answerDeadlineMs },
    );
  }

  #quickPickRow(label: string): Locator {
    return this.page.locator('.quick-input-list .monaco-list-row').filter({
      has: this.page.locator('.label-name', { hasText: new RegExp(`^\\s*${escaped(label)}\\s*$`) }),
    });
  }

  /** Rows of a tree or list in the side bar whose text contains `text`. */
  treeRow(text: string | RegExp): Locator {
    return this.page.locator('.part.sidebar .monaco-list-row', { hasText: text });
  }

  /** Status bar entries whose text contains `text`. */
  statusBarItem(text: string | RegExp): Locator {
    return this.page.locator('.statusbar-item', { hasText: text });
  }

  /** Notifications on the screen whose text contains `text`. */
  notification(text: string | RegExp): Locator {
    return this.page.locator('.notification-toast', { hasText: text });
  }

  /** Editor tabs whose label contains `text`. */
  editorTab(text: string | RegExp): Locator {
    return this.page.locator('.tabs-container .tab', { hasText: text });
  }

  /** The documents of all webviews on the screen: each is an iframe within the iframe VS Code guards it with. */
  webviews(): readonly Frame[] {
    return this.page
      .frames()
      .filter((frame) => frame.name() === 'active-frame' || /\bfake\.html/.test(frame.url()));
  }

  /** The webview in which `selector` (Playwright's) matches something visible, once there is one. */
  webviewWith(selector: string, deadlineMs = webviewDeadlineMs): Promise<Frame> {
    return until(
      `A webview shows ${selector}`,
      async () => {
        for (const frame of this.webviews()) {
          // A frame may go while it is looked at.
          const isThere = await frame
            .locator(selector)
            .first()
            .isVisible()
            .catch(() => false);
          if (isThere) {
            return frame;
          }
        }
        return undefined;
      },
      { deadlineMs, pollMs: 100 },
    );
  }

  /** Changes the colour theme for this window, and resolves once it is drawn. */
  async setTheme(theme: keyof typeof themes): Promise<void> {
    await this.runCommand('Preferences: Color Theme');
    await this.pick(themes[theme]);
    const kind = {
      dark: 'vs-dark',
      light: 'vs',
      highContrastDark: 'hc-black',
      highContrastLight: 'hc-light',
    }[theme];
    await this.page.locator(`.monaco-workbench.${kind}`).waitFor({ timeout: answerDeadlineMs });
    await this.page.locator('.quick-input-widget').waitFor({ state: 'hidden', timeout: answerDeadlineMs });
  }

  /** Saves what the window shows as `pictures/NAME.png` (ignored by git), and returns that path. */
  async picture(name: string): Promise<string> {
    const folder = join(repositoryRoot(), 'pictures');
    mkdirSync(folder, { recursive: true });
    const path = join(folder, `${name}.png`);
    await this.page.screenshot({ path, animations: 'disabled' });
    return path;
  }

  /** Closes the window; the browser stays. */
  close(): Promise<void> {
    return this.#context.close();
  }
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
