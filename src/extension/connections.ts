import * as vscode from 'vscode';
import type { Hub } from '../hub/hub';
import { DEMO_SOURCE_ID, type DemoSource } from './demoSource';
import type { Hubs } from './hubs/hubs';
import type { KubeconfigSources } from './kubeconfigSources';
import type { PluginConsent } from './pluginConsent';
import { settings } from './settings';

const KEY = 'connectedSources';
const SHOWN_KEY = 'viewShownOnStart';

export interface ConnectionsOptions {
  readonly hub: Hub;
  readonly hubs: Pick<Hubs, 'start'>;
  readonly demo: DemoSource;
  readonly kubeconfigs: KubeconfigSources;
  readonly consent: PluginConsent;
  readonly memory: vscode.Memento;
}

/** What the user wants connected, now and at the next start. */
export class Connections implements vscode.Disposable {
  readonly #options: ConnectionsOptions;
  readonly #appearing: vscode.Disposable;

  #hasStarted = false;

  constructor(options: ConnectionsOptions) {
    this.#options = options;
    this.#appearing = options.kubeconfigs.onAdded((id) => {
      // A context that went and came back: a kubeconfig that was mended, or written anew.
      if (this.#hasStarted && this.#remembered().includes(id)) {
        options.hub.source(id)?.connect();
      }
    });
  }

  dispose(): void {
    this.#appearing.dispose();
  }

  /**
   * Connects what the setting says. On the very first start that is nothing, unless the setting was changed before: then
   * somebody wants to see it, and the view is opened once.
   */
  async connectOnStart(): Promise<void> {
    const { hub, hubs, demo, kubeconfigs, memory } = this.#options;
    this.#hasStarted = true;
    const choice = settings.connectOnStart();
    hubs.start(choice !== 'none');
    if (choice === 'none') {
      return;
    }
    const wanted = new Set(this.#remembered());
    if (choice === 'demo') {
      wanted.add(DEMO_SOURCE_ID);
    } else if (choice === 'current') {
      for (const source of kubeconfigs.currentSources()) {
        wanted.add(source);
      }
    }
    if (choice !== 'remembered' && memory.get(SHOWN_KEY) !== true) {
      await memory.update(SHOWN_KEY, true);
      // Before there is anything in it: a tree that fills while it is opened for the first time may be left half drawn.
      await vscode.commands.executeCommand('clusterpersona.sources.focus');
    }
    if (wanted.has(DEMO_SOURCE_ID)) {
      demo.start();
    }
    for (const id of wanted) {
      hub.source(id)?.connect();
    }
  }

  /** By the user's wish, who may therefore be asked whether a sign-in program may run. */
  async connect(id: string): Promise<void> {
    if (id === DEMO_SOURCE_ID && !this.#options.demo.isRunning) {
      await this.startDemo();
      return;
    }
    const { hub, consent } = this.#options;
    const source = hub.source(id);
    if (source === undefined) {
      void vscode.window.showInformationMessage(
        vscode.l10n.t('This context is no longer in a kubeconfig. Pick another cluster in the tree.'),
      );
      return;
    }
    consent.allowQuestion(id);
    if (source.isConnected) {
      source.retryNow();
    } else {
      source.connect();
    }
    await this.#remember([...this.#remembered(), id]);
  }

  async disconnect(id: string): Promise<void> {
    if (id === DEMO_SOURCE_ID) {
      await this.stopDemo();
      return;
    }
    this.#options.hub.disconnect(id);
    await this.#remember(this.#remembered().filter((remembered) => remembered !== id));
  }

  /** Connects one context, and disconnects the one that was connected last. */
  async switchTo(id: string): Promise<void> {
    const last = this.#remembered().findLast((remembered) => {
      const source = this.#options.hub.source(remembered);
      return remembered !== id && source?.definition.kind === 'kubeconfig' && source.isConnected;
    });
    if (last !== undefined) {
      await this.disconnect(last);
    }
    await this.connect(id);
  }

  async startDemo(): Promise<void> {
    this.#options.demo.start();
    await this.#remember([...this.#remembered(), DEMO_SOURCE_ID]);
  }

  async stopDemo(): Promise<void> {
    this.#options.demo.stop();
    await this.#remember(this.#remembered().filter((remembered) => remembered !== DEMO_SOURCE_ID));
  }

  #remembered(): readonly string[] {
    return this.#options.memory.get<readonly string[]>(KEY, []);
  }

  async #remember(ids: readonly string[]): Promise<void> {
    // Connected again is connected last.
    await this.#options.memory.update(KEY, [...new Set(ids.toReversed())].toReversed());
  }
}
