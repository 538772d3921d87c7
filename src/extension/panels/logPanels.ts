import * as vscode from 'vscode';
import { cutText } from '../../base/cutText';
import type { View } from '../../protocol/messages';
import { PanelSet } from './panelSet';
import type { PanelOptions } from './viewPanel';

/** A tab with a longer title leaves no room for others; the panel itself has the whole name. */
const MAX_TITLE_CHARS = 60;

export type LogView = Extract<View, { type: 'logs' }>;

/** The panels that follow the logs of one selection each. They keep what they show while hidden. */
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

  show(view: Omit<LogView, 'type'>): Promise<void> {
    return this.#panels.show({ type: 'logs', ...view }, logTitle(view));
  }

  dispose(): void {
    this.#panels.dispose();
  }
}

/** Whose logs, and of which cluster, where that has a name here. */
export function logTitle({ addon, name, namespace, selection }: Omit<LogView, 'type'>): string {
  const subject = addon === '' ? (subjectOf(selection) ?? namespace) : addon;
  return cutText([subject, ...(name === '' ? [] : [name])].join(' · '), MAX_TITLE_CHARS);
}

function subjectOf(selection: LogView['selection']): string | undefined {
  switch (selection?.type) {
    case undefined:
      return undefined;
    case 'namespace':
      return selection.namespace;
    case 'selector':
      return selection.selector;
    case 'workload':
      return selection.name;
    case 'pod':
      return selection.pod;
    case 'node':
      return selection.node;
    default:
      return selection satisfies never;
  }
}
