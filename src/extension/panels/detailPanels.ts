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

/** Of a cluster that nothing is known of. */
const UNKNOWN = { phase: 'Unknown', health: 'unknown' } as const;

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

  show({ source, name }: PersonaKey, preserveFocus: boolean): Promise<void> {
    return this.#panels.show({ type: 'detail', source, name }, cutText(name, MAX_TITLE_CHARS), preserveFocus);
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #onOpened(panel: ViewPanel): void {
    const { source, name } = panel.view;
    let drawn: string | undefined;
    const draw = (): void => {
      const { phase, health } = this.#hub.source(source)?.row(name) ?? UNKNOWN;
      // Setting an icon costs the window a redraw of the tab, even where it is the same one.
      if (drawn !== `${phase} ${health}`) {
        drawn = `${phase} ${health}`;
        panel.panel.iconPath = personaIcon(phase, health);
      }
    };
    panel.own(this.#hub.subscribe([clusterTopic(source, name)], draw));
    draw();
  }
}
