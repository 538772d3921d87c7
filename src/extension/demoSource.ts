import * as vscode from 'vscode';
import type { Clock } from '../base/clock';
import type { Logger } from '../base/logger';
import type { Random } from '../base/random';
import type { Hub } from '../hub/hub';
import type { Platform } from './platform';

export const DEMO_SOURCE_ID = 'demo';

export interface DemoSourceOptions {
  readonly hub: Hub;
  readonly platform: Platform;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

/** The demo cluster as a source: there while it runs. */
export class DemoSource implements vscode.Disposable {
  readonly #options: DemoSourceOptions;

  constructor(options: DemoSourceOptions) {
    this.#options = options;
  }

  get isRunning(): boolean {
    return this.#options.hub.source(DEMO_SOURCE_ID) !== undefined;
  }

  start(): void {
    if (this.isRunning) {
      return;
    }
    const { hub, platform, clock, random, logger } = this.#options;
    const source = hub.addSource({
      id: DEMO_SOURCE_ID,
      kind: 'demo',
      label: vscode.l10n.t('Demo cluster'),
      open: async () => {
        const seed = Math.floor(random.next() * 2 ** 32);
        const demo = await platform.createDemoCluster({ clock, seed, logger });
        demo.start();
        return demo;
      },
    });
    source.connect();
    this.#tell();
  }

  stop(): void {
    this.#options.hub.removeSource(DEMO_SOURCE_ID);
    this.#tell();
  }

  dispose(): void {
    this.#options.hub.removeSource(DEMO_SOURCE_ID);
  }

  #tell(): void {
    void vscode.commands.executeCommand('setContext', 'clusterpersona.demoRunning', this.isRunning);
  }
}
