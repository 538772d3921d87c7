import type { Disposable } from '../base/disposable';
import { Emitter, type ListenerErrorHandler } from '../base/emitter';
import type { DemoCluster } from '../demo/demoCluster';
import type { DemoScene } from '../demo/demoScene';
import type { SourceConnection } from '../hub/source';

export interface DemoStageOptions {
  readonly create: (scene: DemoScene) => Promise<DemoCluster>;
  /** What is to be played, as of now. */
  readonly wantedScene: () => DemoScene;
  readonly onListenerError: ListenerErrorHandler;
}

/** The demo cluster that runs now, if one does, playing the scene that is wanted. */
export class DemoStage implements Disposable {
  readonly #options: DemoStageOptions;
  readonly #sceneChanged: Emitter<DemoScene>;
  #playing: DemoCluster | undefined;

  constructor(options: DemoStageOptions) {
    this.#options = options;
    this.#sceneChanged = new Emitter(options.onListenerError);
  }

  /** The scene being played; undefined while no demo cluster runs. */
  get scene(): DemoScene | undefined {
    return this.#playing?.scene;
  }

  /** A demo cluster that runs went on with another scene. */
  get onSceneChanged() {
    return this.#sceneChanged.event;
  }

  /** Creates a demo cluster and starts it. Whoever disposes the result ends it. */
  async open(): Promise<SourceConnection> {
    const cluster = await this.#options.create(this.#options.wantedScene());
    this.#playing = cluster;
    // Another one may have been chosen while the demo cluster was loaded.
    this.follow();
    cluster.start();
    return {
      fetch: cluster.fetch,
      initialState: 'watchList',
      dispose: () => {
        if (this.#playing === cluster) {
          this.#playing = undefined;
        }
        cluster.dispose();
      },
    };
  }

  /** Plays the scene that is wanted now. To be called whenever that may have changed. */
  follow(): void {
    const wanted = this.#options.wantedScene();
    if (this.#playing !== undefined && this.#playing.scene !== wanted) {
      this.#playing.setScene(wanted);
      this.#sceneChanged.fire(wanted);
    }
  }

  /** Ends the telling; a demo cluster that runs is its opener's to end. */
  dispose(): void {
    this.#sceneChanged.dispose();
  }
}
