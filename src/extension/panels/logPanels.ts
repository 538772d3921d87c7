import * as vscode from 'vscode';
import type { View } from '../../protocol/messages';
import { PanelSet } from './panelSet';
import type { PanelOptions } from './viewPanel';

export type LogView = Extract<View, { type: 'logs' }>;

/** The panels that follow the logs of one add-on each. They keep what they show while hidden. */
export class LogPanels implements vscode.Disposable {
  readonly #panels: PanelSet;

  constructor(options: PanelOptions) {
    this.#panels = new PanelSet(
      options,
      { viewType: 'clusterpersona.logs', bundle: 'logs', retainContextWhenHidden: true },
      ({ panel }) => {
        panel.iconPath = new vscode.ThemeIcon('output');
      },
    );
  }

  show(view: Omit<LogView, 'type'>): void {
    this.#panels.show({ type: 'logs', ...view }, `${view.addon} · ${view.name}`);
  }

  dispose(): void {
    this.#panels.dispose();
  }
}
