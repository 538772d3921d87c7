import * as vscode from 'vscode';
import type { Clock } from '../base/clock';
import { DisposableStore } from '../base/disposable';
import { Emitter } from '../base/emitter';
import type { Logger } from '../base/logger';
import type { ConnectionChecks } from '../cluster/connectionChecks';
import type { ExecPluginQuestion } from '../cluster/execPlugin';
import type { KubeconfigFileProblem } from '../cluster/kubeconfigContexts';
import type { ClusterConnection } from '../cluster/clusterConnection';
import type { Hub } from '../hub/hub';
import type { SourceConnection } from '../hub/source';
import { ProblemError } from '../protocol/problem';
import type { SourceState } from '../protocol/sourceState';
import type { KubeconfigContext, KubeconfigReading, Platform } from './platform';
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
  readonly #added: Emitter<string>;
  readonly #contexts = new Map<string, KubeconfigContext>();
  /** In use by a source of the hub, by its id. */
  readonly #connections = new Map<string, ClusterConnection>();
  #problems: readonly KubeconfigFileProblem[] = [];
  #watched: readonly string[] = [];
  #reading: Promise<void> = Promise.resolve();

  constructor(options: KubeconfigSourcesOptions) {
    this.#options = options;
    const onListenerError = (error: unknown): void => options.logger.error('A listener failed', error);
    this.#problemsChanged = this.#owned.add(new Emitter<void>(onListenerError));
    this.#added = this.#owned.add(new Emitter<string>(onListenerError));
    this.#owned.add(settings.onKubeconfigsChanged(() => void this.refresh()));
  }

  /** Files that could not be used. */
  get problems(): readonly KubeconfigFileProblem[] {
    return this.#problems;
  }

  get onProblemsChanged() {
    return this.#problemsChanged.event;
  }

  /** A context appeared, and with it this source. */
  get onAdded() {
    return this.#added.event;
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

  /**
   * The checks of the way to a source's cluster, over its connection where it has one: what is signed in stays so. A program
   * is run only where the user allowed that before; nobody is asked. Rejects with {@link ProblemError} when the context is gone.
   */
  async examine(source: string): Promise<ConnectionChecks> {
    const { platform, consent, clock } = this.#options;
    const context = this.#contexts.get(source);
    if (context === undefined || platform.kubeconfigs === undefined) {
      throw new ProblemError({ code: 'kubeconfig', detail: 'its context is gone' });
    }
    return platform.kubeconfigs.examine({
      context,
      clock,
      open: async (signal) =>
        this.#connections.get(source) ??
        this.#open(source, signal, (plugin) => Promise.resolve(consent.isGranted(source, plugin))),
      proxyFor: (server) => platform.kubeconfigs?.proxyFor(server, settings.editorProxy()),
    });
  }

  dispose(): void {
    this.#owned.dispose();
  }

  async #read(): Promise<void> {
    const { kubeconfigs } = this.#options.platform;
    if (kubeconfigs === undefined || this.#owned.isDisposed) {
      return;
    }
    try {
      const reading = await kubeconfigs.read([kubeconfigs.defaultFiles(), ...settings.kubeconfigs()]);
      if (this.#owned.isDisposed) {
        return;
      }
      this.#apply(reading);
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

  #apply({ contexts, problems }: KubeconfigReading): void {
    const { hub } = this.#options;
    // A file that cannot be read right now, half saved or locked, says nothing about what was in it.
    const unread = new Set(
      problems
        .filter(({ reason }) => reason === 'malformed' || reason === 'unreadable')
        .map(({ path }) => path),
    );
    const gone = new Set(
      [...this.#contexts.values()]
        .filter(({ path, mergedPaths = [] }) => ![path, ...mergedPaths].some((file) => unread.has(file)))
        .map(({ source }) => source),
    );
    for (const context of contexts) {
      gone.delete(context.source);
      const before = this.#contexts.get(context.source);
      this.#contexts.set(context.source, context);
      const source = hub.source(context.source);
      if (source === undefined) {
        hub.addSource({
          id: context.source,
          kind: 'kubeconfig',
          label: context.context,
          open: (signal) => this.#openForHub(context.source, signal),
        });
        this.#added.fire(context.source);
      } else if (isFailedByKubeconfig(source.status().state) && !isEqual(before, context)) {
        source.retryNow();
      } else if (source.isConnected && before?.server !== context.server) {
        // What is held is another cluster's.
        hub.disconnect(source.id);
        source.connect();
      }
    }
    for (const source of gone) {
      this.#contexts.delete(source);
      hub.removeSource(source);
    }
  }

  async #openForHub(source: string, signal: AbortSignal): Promise<SourceConnection> {
    const connection = await this.#open(source, signal, (plugin, label) =>
      this.#options.consent.mayRun(source, label, plugin),
    );
    this.#connections.set(source, connection);
    return {
      fetch: connection.fetch,
      refreshCredentials: () => connection.refreshCredentials(),
      dispose: () => {
        if (this.#connections.get(source) === connection) {
          this.#connections.delete(source);
        }
        connection.dispose();
      },
    };
  }

  async #open(
    source: string,
    signal: AbortSignal,
    mayRun: (plugin: ExecPluginQuestion, label: string) => Promise<boolean>,
  ): Promise<ClusterConnection> {
    const { platform, clock, logger, context: extension } = this.#options;
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
      signal,
      mayRun: (plugin) => mayRun(plugin, context.context),
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
      // The name itself would be read as a pattern, and may hold any character.
      const watcher = this.#watchers.add(
        vscode.workspace.createFileSystemWatcher(
          new vscode.RelativePattern(vscode.Uri.joinPath(uri, '..'), '*'),
        ),
      );
      const onChange = (changed: vscode.Uri): void => {
        if (changed.fsPath === uri.fsPath) {
          this.#settle();
        }
      };
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

function isFailedByKubeconfig(state: SourceState): boolean {
  return state.type === 'failed' && state.problem.code === 'kubeconfig';
}

function isEqual(a: KubeconfigContext | undefined, b: KubeconfigContext): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
