import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { repositoryRoot } from '../../support/testbed/repositoryRoot';

type PageOptions = Parameters<Browser['newPage']>[0];

/** What Chromium writes while a server is gone; the page itself can't keep it from that. */
const WHILE_GONE = /WebSocket connection to .* failed|net::ERR_/;

/** A page of a browser that notes whatever should not happen on it. */
export class BrowserPage {
  readonly page: Page;
  readonly #origin: string;
  readonly #faults: string[] = [];

  private constructor(page: Page, origin: string) {
    this.page = page;
    this.#origin = origin;
  }

  /** An empty page that is to show nothing but what comes from `origin`. */
  static async open(browser: Browser, origin: string, options: PageOptions = {}): Promise<BrowserPage> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
    const page = await context.newPage();
    const made = new BrowserPage(page, origin);
    made.watch(page);
    context.on('page', (other) => made.watch(other));
    return made;
  }

  /** Errors and warnings of the console, violations of the policy among them, exceptions, and requests to elsewhere. */
  get faults(): readonly string[] {
    return this.#faults;
  }

  /** The same without what is written because the hub is gone. */
  get ownFaults(): readonly string[] {
    return this.#faults.filter((fault) => !WHILE_GONE.test(fault));
  }

  watch(page: Page): void {
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') {
        this.#faults.push(`${message.type()}: ${message.text()}`);
      }
    });
    page.on('pageerror', (error) => this.#faults.push(`exception: ${error.stack ?? error.message}`));
    page.on('request', (request) => {
      const { protocol, origin } = new URL(request.url());
      if (protocol !== 'data:' && origin !== this.#origin) {
        this.#faults.push(`request to elsewhere: ${request.url()}`);
      }
    });
  }

  /** Saves what is seen as `pictures/NAME.png`. */
  async picture(name: string): Promise<void> {
    const folder = join(repositoryRoot(), 'pictures');
    mkdirSync(folder, { recursive: true });
    await this.page.screenshot({ path: join(folder, `${name}.png`) });
  }

  close(): Promise<void> {
    return this.page.context().close();
  }
}
