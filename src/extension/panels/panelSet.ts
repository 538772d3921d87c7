import * as vscode from 'vscode';
import { decode, viewSchema, type View } from '../../protocol/messages';
import type { PanelOptions, ViewPanel } from './viewPanel';

export interface PanelKind {
  /** The type VS Code knows the panels by; it brings them back after a reload. */
  readonly viewType: string;
  readonly bundle: 'detail' | 'logs';
  readonly retainContextWhenHidden: boolean;
}

/** The open panels of one kind: one for each thing shown, reused. What serves them is loaded with the first one. */
export class PanelSet implements vscode.Disposable {
  readonly #options: PanelOptions;
  readonly #kind: PanelKind;
  readonly #onOpened: (panel: ViewPanel) => void;
  readonly #panels = new Map<string, ViewPanel>();
  readonly #serializer: vscode.Disposable;
  #isDisposed = false;

  constructor(options: PanelOptions, kind: PanelKind, onOpened: (panel: ViewPanel) => void) {
    this.#options = options;
    this.#kind = kind;
    this.#onOpened = onOpened;
    this.#serializer = vscode.window.registerWebviewPanelSerializer(kind.viewType, {
      deserializeWebviewPanel: (panel, state) => this.#restore(panel, state),
    });
  }

  /** Shows the panel of `view`, made if there is none. */
  async show(view: View, title: string, preserveFocus = false): Promise<void> {
    const { ViewPanel: Served } = await import('./viewPanel');
    if (this.#isDisposed) {
      return;
    }
    const open = this.#panels.get(viewKey(view));
    if (open !== undefined) {
      // Asked for while it is in sight already, it is meant to be gone into.
      open.panel.reveal(undefined, preserveFocus && !open.panel.visible);
      return;
    }
    const { retainContextWhenHidden, viewType } = this.#kind;
    const panel = vscode.window.createWebviewPanel(
      viewType,
      title,
      { viewColumn: vscode.ViewColumn.Active, preserveFocus },
      {
        retainContextWhenHidden,
        enableFindWidget: true,
      },
    );
    this.#adopt(Served, panel, view);
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#serializer.dispose();
    for (const panel of this.#panels.values()) {
      panel.dispose();
    }
    this.#panels.clear();
  }

  async #restore(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const saved = typeof state === 'object' && state !== null && 'view' in state ? state.view : undefined;
    const decoded = decode(viewSchema, saved);
    if (!decoded.ok || decoded.value.type !== this.#kind.bundle) {
      // Without knowing what it showed, an empty panel would be a dead end.
      panel.dispose();
      return;
    }
    let isClosed = false;
    const closing = panel.onDidDispose(() => (isClosed = true));
    const { ViewPanel: Served } = await import('./viewPanel');
    closing.dispose();
    if (!isClosed && !this.#isDisposed) {
      this.#adopt(Served, panel, decoded.value);
    }
  }

  #adopt(Served: typeof ViewPanel, panel: vscode.WebviewPanel, view: View): void {
    const key = viewKey(view);
    this.#panels.get(key)?.panel.dispose();
    const opened = new Served(this.#options, {
      panel,
      view,
      bundle: this.#kind.bundle,
      isKept: this.#kind.retainContextWhenHidden,
    });
    this.#panels.set(key, opened);
    opened.own({
      dispose: () => {
        if (this.#panels.get(key) === opened) {
          this.#panels.delete(key);
        }
      },
    });
    this.#onOpened(opened);
  }
}

function viewKey(view: View): string {
  switch (view.type) {
    case 'detail':
      return JSON.stringify([view.source, view.name]);
    case 'logs':
      return JSON.stringify([view.source, view.name, view.addon, view.namespace, view.selection]);
    default:
      return view satisfies never;
  }
}
