import * as vscode from 'vscode';
import type { Clock } from '../base/clock';
import { DisposableStore } from '../base/disposable';
import type { Logger } from '../base/logger';
import type { Random } from '../base/random';
import type { DemoScene } from '../demo/demoScene';
import type { Hub } from '../hub/hub';
import { DemoStage } from './demoStage';
import type { Platform } from './platform';
import { settings } from './settings';

export const DEMO_SOURCE_ID = 'demo';

export interface DemoSourceOptions {
  readonly hub: Hub;
  readonly platform: Platform;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

/** The demo cluster as a source: there while it runs. It plays the scene that the settings say, and changes with them. */
export class DemoSource implements vscode.Disposable {
  readonly #options: DemoSourceOptions;
  readonly #owned = new DisposableStore();
  readonly #stage: DemoStage;

  constructor(options: DemoSourceOptions) {
    this.#options = options;
    const { platform, clock, random, logger } = options;
    this.#stage = this.#owned.add(
      new DemoStage({
        create: (scene) =>
          platform.createDemoCluster({ clock, seed: Math.floor(random.next() * 2 ** 32), scene, logger }),
        wantedScene: () => settings.demoScene(),
        onListenerError: (error) => logger.error('A listener failed', error),
      }),
    );
    this.#owned.add(settings.onDemoSceneChanged(() => this.#stage.follow()));
  }

  /** The scene being played; undefined while the demo cluster does not run. */
  get scene(): DemoScene | undefined {
    return this.#stage.scene;
  }

  get onSceneChanged() {
    return this.#stage.onSceneChanged;
  }

  get isRunning(): boolean {
    return this.#options.hub.source(DEMO_SOURCE_ID) !== undefined;
  }

  start(): void {
    if (this.isRunning) {
      return;
    }
    const source = this.#options.hub.addSource({
      id: DEMO_SOURCE_ID,
      kind: 'demo',
      label: vscode.l10n.t('Demo cluster'),
      open: () => this.#stage.open(),
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
    this.#owned.dispose();
  }

  #tell(): void {
    void vscode.commands.executeCommand('setContext', 'clusterpersona.demoRunning', this.isRunning);
  }
}
