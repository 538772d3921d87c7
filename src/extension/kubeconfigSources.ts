import * as vscode from 'vscode';
import type { Clock } from '../base/clock';
import { DisposableStore } from '../base/disposable';
import { Emitter } from '../base/emitter';
import type { Logger } from '../base/logger';
import type { KubeconfigFileProblem } from '../cluster/kubeconfigContexts';
import type { Hub } from '../hub/hub';
import type { SourceConnection } from '../hub/source';
import { ProblemError } from '../protocol/problem';
import type { KubeconfigContext, Platform } from './platform';
import type { PluginConsent } from './pluginConsent';
import { settings } from './settings';

/** Editors and tools write a file in several steps; the last one counts. */
const SETTLE_MS = 200;

export interface KubeconfigSourcesOptions {
  readonly context: vscode.ExtensionContext;
  readonly hub: Hub;
  readonly platform: Platform;
  readonly consent: PluginConsent;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Keeps one source in the hub for each context of each kubeconfig, and follows the files as they change. */
export class KubeconfigSources implements vscode.Disposable {
  readonly #options: KubeconfigSourcesOptions;
  readonly #owned = new DisposableStore();
  readonly #watchers = this.#owned.add(new DisposableStore());
  readonly #settling = this.#owned.add(new DisposableStore());
  readonly #problemsChanged: Emitter<void>;
  readonly #contexts = new Map<string, KubeconfigContext>();
  #problems: readonly KubeconfigFileProblem[] = [];
  #watched: readonly string[] = [];
  #reading: Promise<void> = Promise.resolve();

  constructor(options: KubeconfigSourcesOptions) {
    this.#options = options;
    this.#problemsChanged = new Emitter((error) => options.logger.error('A listener failed', error));
    this.#owned.add(this.#problemsChanged);
    this.#owned.add(settings.onKubeconfigsChanged(() => void this.refresh()));
  }

  /** Files that could not be used. */
  get problems(): readonly KubeconfigFileProblem[] {
    return this.#problems;
  }

  get onProblemsChanged() {
    return this.#problemsChanged.event;
  }

  context(source: string): KubeconfigContext | undefined {
    return this.#contexts.get(source);
  }

  /** Sources whose context is the current one of its kubeconfig. */
  currentSources(): string[] {
    return [...this.#contexts.values()].filter(({ isCurrent }) => isCurrent).map(({ source }) => source);
  }

  /** Reads the files again; one reading after the other. Never rejects: what cannot be read becomes a problem. */
  refresh(): Promise<void> {
    this.#reading = this.#reading.then(() => this.#read());
    return this.#reading;
  }

  dispose(): void {
    this.#owned.dispose();
  }

  async #read(): Promise<void> {
    const { kubeconfigs } = this.#options.platform;
    if (kubeconfigs === undefined || this.#owned.isDisposed) {
      return;
    }
    const chosen = settings.kubeconfigs();
    try {
      const reading = await kubeconfigs.read(chosen.length > 0 ? chosen : [kubeconfigs.defaultFiles()]);
      if (this.#owned.isDisposed) {
        return;
      }
      this.#apply(reading.contexts);
      // Nobody asked for the default file: without it the welcome view says what to do.
      this.#problems = reading.problems.filter(
        ({ isExplicit, reason }) => isExplicit || reason !== 'missing',
      );
      this.#watch(reading.files);
    } catch (error) {
      this.#options.logger.error('The kubeconfigs could not be read', error);
    }
    this.#problemsChanged.fire();
  }

  #apply(contexts: readonly KubeconfigContext[]): void {
    const { hub } = this.#options;
    const gone = new Set(this.#contexts.keys());
    for (const context of contexts) {
      gone.delete(context.source);
      this.#contexts.set(context.source, context);
      if (hub.source(context.source) === undefined) {
        hub.addSource({
          id: context.source,
          kind: 'kubeconfig',
          label: context.context,
          open: () => this.#open(context.source),
        });
      }
    }
    for (const source of gone) {
      this.#contexts.delete(source);
      hub.removeSource(source);
    }
  }

  async #open(source: string): Promise<SourceConnection> {
    const { platform, consent, clock, logger, context: extension } = this.#options;
    // The file may have changed since the source was added: what it says now counts.
    const context = this.#contexts.get(source);
    if (context === undefined || platform.kubeconfigs === undefined) {
      throw new ProblemError({ code: 'kubeconfig', detail: 'its context is gone' });
    }
    if (context.problem !== undefined) {
      throw new ProblemError(context.problem);
    }
    return platform.kubeconfigs.connect({
      context,
      logger,
      clock,
      mayRun: (command) => consent.mayRun(source, context.context, command),
      proxyFor: (server) => platform.kubeconfigs?.proxyFor(server, settings.editorProxy()),
      userAgent: `clusterpersona-vscode/${String(extension.extension.packageJSON.version)}`,
    });
  }

  #watch(files: readonly string[]): void {
    if (
      files.length === this.#watched.length &&
      files.every((file, index) => file === this.#watched[index])
    ) {
      return;
    }
    this.#watched = files;
    this.#watchers.clear();
    for (const file of files) {
      const uri = vscode.Uri.file(file);
      const folder = vscode.Uri.joinPath(uri, '..');
      const name = uri.path.slice(uri.path.lastIndexOf('/') + 1);
      const watcher = this.#watchers.add(
        vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(folder, name)),
      );
      const onChange = (): void => this.#settle();
      this.#watchers.add(watcher.onDidChange(onChange));
      this.#watchers.add(watcher.onDidCreate(onChange));
      this.#watchers.add(watcher.onDidDelete(onChange));
    }
  }

  #settle(): void {
    this.#settling.clear();
    this.#settling.add(this.#options.clock.schedule(SETTLE_MS, () => void this.refresh()));
  }
}
