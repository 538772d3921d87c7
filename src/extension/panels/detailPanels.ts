import type * as vscode from 'vscode';
import { DisposableStore } from '../../base/disposable';
import type { Hub } from '../../hub/hub';
import type { PersonaKey } from '../../protocol/summaryRow';
import { clusterTopic } from '../../protocol/topics';
import { cutText } from '../../base/cutText';
import { personaIcon } from '../icons';
import { PanelSet } from './panelSet';
import type { PanelOptions, ViewPanel } from './viewPanel';

/** A tab with a longer title leaves no room for others; the panel itself has the whole name. */
const MAX_TITLE_CHARS = 40;

/** The panels that show one cluster each; their title carries its phase. */
export class DetailPanels implements vscode.Disposable {
  readonly #hub: Hub;
  readonly #panels: PanelSet;
  readonly #owned = new DisposableStore();

  constructor(options: PanelOptions) {
    this.#hub = options.hub;
    this.#panels = this.#owned.add(
      new PanelSet(
        options,
        { viewType: 'clusterpersona.detail', bundle: 'detail', retainContextWhenHidden: false },
        (panel) => this.#onOpened(panel),
      ),
    );
  }

  show({ source, name }: PersonaKey, preserveFocus: boolean): void {
    this.#panels.show({ type: 'detail', source, name }, cutText(name, MAX_TITLE_CHARS), preserveFocus);
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #onOpened(panel: ViewPanel): void {
    const { source, name } = panel.view;
    panel.own(this.#hub.subscribe([clusterTopic(source, name)], () => this.#drawIcon(panel)));
    this.#drawIcon(panel);
  }

  #drawIcon({ panel, view }: ViewPanel): void {
    const row = this.#hub.source(view.source)?.row(view.name);
    panel.iconPath =
      row === undefined ? personaIcon('Unknown', 'unknown') : personaIcon(row.phase, row.health);
  }
}
