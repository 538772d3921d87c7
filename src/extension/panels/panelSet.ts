import * as vscode from 'vscode';
import { decode, viewSchema, type View } from '../../protocol/messages';
import { ViewPanel, type PanelOptions } from './viewPanel';

export interface PanelKind {
  /** The type VS Code knows the panels by; it brings them back after a reload. */
  readonly viewType: string;
  readonly bundle: 'detail' | 'logs';
  readonly retainContextWhenHidden: boolean;
}

/** The open panels of one kind: one for each thing shown, reused. */
export class PanelSet implements vscode.Disposable {
  readonly #options: PanelOptions;
  readonly #kind: PanelKind;
  readonly #onOpened: (panel: ViewPanel) => void;
  readonly #panels = new Map<string, ViewPanel>();
  readonly #serializer: vscode.Disposable;

  constructor(options: PanelOptions, kind: PanelKind, onOpened: (panel: ViewPanel) => void) {
    this.#options = options;
    this.#kind = kind;
    this.#onOpened = onOpened;
    this.#serializer = vscode.window.registerWebviewPanelSerializer(kind.viewType, {
      deserializeWebviewPanel: (panel, state) => {
        this.#restore(panel, state);
        return Promise.resolve();
      },
    });
  }

  /** Shows the panel of `view`, made if there is none. */
  show(view: View, title: string, preserveFocus = false): void {
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
    this.#adopt(panel, view);
  }

  dispose(): void {
    this.#serializer.dispose();
    for (const panel of this.#panels.values()) {
      panel.dispose();
    }
    this.#panels.clear();
  }

  #restore(panel: vscode.WebviewPanel, state: unknown): void {
    const saved = typeof state === 'object' && state !== null && 'view' in state ? state.view : undefined;
    const decoded = decode(viewSchema, saved);
    if (!decoded.ok || decoded.value.type !== this.#kind.bundle) {
      // Without knowing what it showed, an empty panel would be a dead end.
      panel.dispose();
      return;
    }
    this.#adopt(panel, decoded.value);
  }

  #adopt(panel: vscode.WebviewPanel, view: View): void {
    const key = viewKey(view);
    this.#panels.get(key)?.panel.dispose();
    const opened = new ViewPanel(this.#options, {
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
