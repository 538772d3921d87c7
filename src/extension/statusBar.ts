import * as vscode from 'vscode';
import type { Clock } from '../base/clock';
import { DisposableStore } from '../base/disposable';
import type { Hub } from '../hub/hub';
import type { SourceStatus } from '../protocol/sourceState';
import { asSourceState } from './hubs/connectionText';
import type { HubRow, Hubs } from './hubs/hubs';
import { stateIconId } from './icons';
import { appendPlain } from './markdownText';
import { isCountingTime } from './sourceFacts';
import { sourceLine, sourcesAtAGlance, summarizeSources, withAlerts } from './sourcesSummary';

/** Many sources change together; the item is drawn once for all of them. */
const REDRAW_MS = 100;
/** While an age or a countdown is told it is told anew this often. */
const SECOND_MS = 1_000;

export interface StatusBarOptions {
  readonly hub: Hub;
  readonly hubs: Pick<Hubs, 'rows' | 'onChanged' | 'onHubChanged'>;
  readonly clock: Clock;
}

/** The one-glance answer to "is what I see true?", with a menu behind it. */
export class StatusBar implements vscode.Disposable {
  readonly #hub: Hub;
  readonly #hubs: StatusBarOptions['hubs'];
  readonly #clock: Clock;
  readonly #item: vscode.StatusBarItem;
  readonly #owned = new DisposableStore();
  readonly #redraw = this.#owned.add(new DisposableStore());
  /** How long ahead the next redraw was scheduled. */
  #scheduledMs = Number.POSITIVE_INFINITY;

  constructor({ hub, hubs, clock }: StatusBarOptions) {
    this.#hub = hub;
    this.#hubs = hubs;
    this.#clock = clock;
    this.#item = this.#owned.add(
      vscode.window.createStatusBarItem('clusterpersona.status', vscode.StatusBarAlignment.Left),
    );
    this.#item.name = 'ClusterPersona';
    this.#item.command = 'clusterpersona.showMenu';
    this.#owned.add(hubs.onChanged(() => this.#schedule()));
    this.#owned.add(hubs.onHubChanged(() => this.#schedule()));
    this.#owned.add(hub.onSourcesChanged(() => this.#schedule()));
    this.#owned.add(hub.alerts.onChanged(() => this.#schedule()));
    this.#owned.add(hub.subscribe(['connection.*'], () => this.#schedule()));
    this.#draw();
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #schedule(waitMs = REDRAW_MS): void {
    if (waitMs < this.#scheduledMs) {
      this.#scheduledMs = waitMs;
      this.#redraw.clear();
      this.#redraw.add(
        this.#clock.schedule(waitMs, () => {
          this.#redraw.clear();
          this.#scheduledMs = Number.POSITIVE_INFINITY;
          this.#draw();
        }),
      );
    }
  }

  #draw(): void {
    const statuses = [...this.#hub.statuses(), ...hubsWithoutClusters(this.#hubs.rows)];
    const connected = statuses.filter(({ state }) => state.type !== 'idle');
    const { icon, text, isWarning } = withAlerts(summarizeSources(connected), this.#hub.alerts.counts());
    this.#item.text = `$(${icon}) ${text}`;
    this.#item.backgroundColor = isWarning
      ? new vscode.ThemeColor('statusBarItem.warningBackground')
      : undefined;
    this.#item.tooltip = this.#tooltip(connected);
    this.#item.accessibilityInformation = { label: vscode.l10n.t('Clusters: {0}', text), role: 'button' };
    if (connected.some(({ state }) => isCountingTime(state))) {
      this.#schedule(SECOND_MS);
    }
    if (statuses.length === 0) {
      this.#item.hide();
    } else {
      this.#item.show();
    }
  }

  #tooltip(connected: readonly SourceStatus[]): vscode.MarkdownString {
    const now = this.#clock.now();
    const markdown = new vscode.MarkdownString(undefined, true);
    if (connected.length === 0) {
      appendPlain(markdown, vscode.l10n.t('No cluster is connected. Select to connect one.'));
      return markdown;
    }
    const { shown, more } = sourcesAtAGlance(connected);
    for (const status of shown) {
      markdown.appendMarkdown(`$(${stateIconId(status.state, status.kind)}) `);
      appendPlain(markdown, sourceLine(status, now));
      markdown.appendMarkdown('  \n');
    }
    if (more > 0) {
      appendPlain(markdown, vscode.l10n.t('and {0} more', more));
    }
    return markdown;
  }
}

/** A hub of which no cluster is known counts by itself, unless it has none. */
function hubsWithoutClusters(rows: readonly HubRow[]): SourceStatus[] {
  return rows
    .filter(({ sources, state }) => sources.length === 0 && state.type !== 'open')
    .map(({ url, label, state }) => ({
      source: url,
      kind: 'hub',
      label,
      state: asSourceState(state),
      count: 0,
    }));
}
