import * as vscode from 'vscode';
import type { Clock } from '../../base/clock';
import { DisposableStore } from '../../base/disposable';
import { scopedLogger, type Logger } from '../../base/logger';
import type { Random } from '../../base/random';
import type { Hub } from '../../hub/hub';
import { Session } from '../../hub/session';
import type { View } from '../../protocol/messages';
import { localise } from '../localise';
import { settings } from '../settings';
import { PageWatch } from './pageWatch';
import { runViewCommand, type ViewCommandOptions } from './viewCommands';
import { WebviewChannel } from './webviewChannel';
import { webviewHtml, webviewRoot } from './webviewHtml';

export interface PanelOptions extends ViewCommandOptions {
  readonly context: vscode.ExtensionContext;
  readonly hub: Hub;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

export interface ViewPanelInit {
  readonly panel: vscode.WebviewPanel;
  readonly view: View;
  readonly bundle: 'detail' | 'logs';
  /** Whether VS Code keeps the page while nobody sees it. */
  readonly isKept: boolean;
}

/** A webview panel that shows one view of the hub. It ends when the panel is closed. */
export class ViewPanel implements vscode.Disposable {
  readonly panel: vscode.WebviewPanel;
  readonly view: View;
  readonly #owned = new DisposableStore();

  constructor(options: PanelOptions, { panel, view, bundle, isKept }: ViewPanelInit) {
    localise();
    this.panel = panel;
    this.view = view;
    const { context, hub, clock, random } = options;
    const logger = scopedLogger(options.logger, `${view.type} ${view.name}`);
    const session = this.#owned.add(
      new Session({
        hub,
        channel: new WebviewChannel(panel, logger),
        clock,
        random,
        logger,
        hello: () => ({
          view,
          language: vscode.env.language,
          texts: vscode.l10n.bundle ?? {},
        }),
        runCommand: (command, signal, onProgress, logs) =>
          runViewCommand(options, command, { signal, onProgress, logs }),
        logTailLines: () => settings.logTailLines(),
      }),
    );
    const page = this.#owned.add(new PageWatch(clock, logger));
    this.#owned.add(panel.webview.onDidReceiveMessage(() => page.heard()));
    let wasVisible = panel.visible;
    session.setVisible(wasVisible);
    page.setVisible(wasVisible);
    this.#owned.add(
      panel.onDidChangeViewState(() => {
        session.setVisible(panel.visible);
        // Told for a change of focus too.
        if (panel.visible !== wasVisible && !isKept) {
          page.setVisible(panel.visible);
        }
        wasVisible = panel.visible;
      }),
    );
    this.#owned.add(panel.onDidDispose(() => this.#owned.dispose()));
    panel.webview.options = { enableScripts: true, localResourceRoots: [webviewRoot(context.extensionUri)] };
    panel.webview.html = webviewHtml({
      webview: panel.webview,
      extensionUri: context.extensionUri,
      bundle,
      title: panel.title,
    });
  }

  /** Ends with the panel. */
  own(disposable: vscode.Disposable): void {
    this.#owned.add(disposable);
  }

  /** Ends what serves the panel. The panel itself stays: VS Code brings it back when the extension is. */
  dispose(): void {
    this.#owned.dispose();
  }
}
