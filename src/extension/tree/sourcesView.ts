import * as vscode from 'vscode';
import type { Clock } from '../../base/clock';
import { DisposableStore, type Disposable } from '../../base/disposable';
import type { AlertsChange } from '../../hub/alerts/alertBook';
import type { Hub } from '../../hub/hub';
import type { HubEvent } from '../../protocol/hubEvent';
import type { PersonaKey } from '../../protocol/summaryRow';
import { countText } from '../../texts/countText';
import { DEMO_SOURCE_ID, type DemoSource } from '../demoSource';
import type { Hubs } from '../hubs/hubs';
import type { KubeconfigSources } from '../kubeconfigSources';
import { isCountingTime } from '../sourceFacts';
import { RowsToCompare } from './rowsToCompare';
import { isOpenableSource } from './sourceRows';
import { SourcesTree } from './sourcesTree';
import { treeNodeId, type TreeNode } from './treeNode';
import { untilSelected } from './untilSelected';

/** The first change after a pause is drawn at once, later ones at most this often and together. */
const REDRAW_MS = 100;
const SECOND_MS = 1_000;
/**
 * A redraw cancels what VS Code is just asking for, and then it may not ask again (seen in 1.139 at the first drawing): an
 * answer is given this long to arrive.
 */
const UNDISTURBED_MS = 50;
/** VS Code gathers refreshes for up to 200 ms before it asks for the rows again. */
const SETTLE_MS = 300;
/** Rows that are opened in one go: of some hundred VS Code warns that it listens to too much. */
const OPENED_AT_ONCE = 20;

export interface SourcesViewOptions {
  readonly hub: Hub;
  readonly kubeconfigs: KubeconfigSources;
  readonly hubs: Hubs;
  readonly demo: DemoSource;
  readonly clock: Clock;
}

/**
 * The tree in the sidebar. It redraws only the rows that changed, nothing while it is hidden, and everything when it is
 * shown again. Only sources of which something was told are looked at.
 */
export class SourcesView implements vscode.Disposable {
  readonly #hub: Hub;
  readonly #clock: Clock;
  readonly #tree: SourcesTree;
  readonly #view: vscode.TreeView<TreeNode>;
  readonly #owned = new DisposableStore();
  /** The next redraw and the next tick; both only while the view is visible. */
  readonly #timers = this.#owned.add(new DisposableStore());
  readonly #badgeTimer = this.#owned.add(new DisposableStore());
  readonly #openingTimer = this.#owned.add(new DisposableStore());
  readonly #looking = new Map<string, Disposable>();
  readonly #dirty = new Map<string, TreeNode>();
  readonly #rows = new RowsToCompare();
  readonly #toOpen = new Set<string>();
  readonly #doubtTimer = this.#owned.add(new DisposableStore());
  #isOpening = false;
  #wasShown = false;
  #isAllDirty = false;
  #isScheduled = false;
  #lastDrawnMs = Number.NEGATIVE_INFINITY;

  constructor(options: SourcesViewOptions) {
    const { hub, kubeconfigs, hubs, demo, clock } = options;
    this.#hub = hub;
    this.#clock = clock;
    this.#tree = this.#owned.add(new SourcesTree(options));
    this.#view = this.#owned.add(
      vscode.window.createTreeView('clusterpersona.sources', { treeDataProvider: this.#tree }),
    );
    this.#owned.add(
      hub.subscribe(['cluster.**', 'away.**', 'connection.*'], (event) => this.#onEvent(event)),
    );
    this.#owned.add(hub.alerts.onChanged((change) => this.#onAlerts(change)));
    this.#owned.add(
      hub.onSourcesChanged(() => {
        this.#markAll();
        this.#scheduleBadge();
      }),
    );
    this.#owned.add(kubeconfigs.onProblemsChanged(() => this.#markAll()));
    this.#owned.add(hubs.onChanged(() => this.#markAll()));
    this.#owned.add(hubs.onHubChanged((url) => this.#mark({ type: 'hub', url })));
    this.#owned.add(demo.onSceneChanged(() => this.#touch(DEMO_SOURCE_ID)));
    this.#owned.add(this.#view.onDidChangeVisibility(() => this.#onVisibility()));
    this.#onVisibility();
  }

  /** The selected row. */
  get selection(): TreeNode | undefined {
    return this.#view.selection[0];
  }

  /**
   * The selected row, waited for where VS Code shows it and does not know it: it forgets all rows when they are to be drawn anew,
   * and those that it took to be drawn already are known again only when it is asked to draw them once more.
   */
  async selected(): Promise<TreeNode | undefined> {
    if (this.selection === undefined) {
      this.#markAll();
    }
    return await untilSelected(() => this.selection, this.#clock);
  }

  dispose(): void {
    this.#stopLooking();
    this.#owned.dispose();
  }

  #onVisibility(): void {
    if (this.#view.visible && !this.#wasShown) {
      // VS Code is asking for the rows by itself.
      this.#wasShown = true;
      this.#look();
      this.#touchAll();
      this.#schedule();
    } else if (this.#view.visible) {
      this.#markAll();
    } else {
      this.#stopLooking();
      this.#timers.clear();
      this.#doubtTimer.clear();
      this.#isScheduled = false;
    }
  }

  /** What the tree shows is kept as fresh as what a panel shows. */
  #look(): void {
    for (const source of this.#hub.sources()) {
      if (!this.#looking.has(source.id)) {
        this.#looking.set(source.id, source.look());
      }
    }
    for (const [id, looking] of this.#looking) {
      if (this.#hub.source(id) === undefined) {
        looking.dispose();
        this.#looking.delete(id);
      }
    }
  }

  #stopLooking(): void {
    for (const looking of this.#looking.values()) {
      looking.dispose();
    }
    this.#looking.clear();
  }

  #onEvent(event: HubEvent): void {
    switch (event.type) {
      case 'cluster.updated':
        this.#rows.touch(event.data.source);
        // What a disconnected source held is told as changed: the row is gone then, and its source's is redrawn.
        this.#mark(
          this.#hub.source(event.data.source)?.object(event.data.name) === undefined
            ? { type: 'source', source: event.data.source }
            : { type: 'persona', ...event.data },
        );
        return;
      case 'away.changed':
        this.#markAway(event.data);
        return;
      case 'cluster.added':
      case 'cluster.deleted':
        this.#rows.touch(event.data.source);
        this.#mark({ type: 'source', source: event.data.source });
        return;
      case 'connection.state':
        // Proof of life comes every few seconds and changes nothing that a row says: the redraw compares.
        this.#touch(event.data.source);
        return;
      case 'component.changed':
      case 'alert.raised':
      case 'alert.resolved':
      case 'command.progress':
      case 'log.appended':
      case 'metric.appended':
        return;
      default:
        event satisfies never;
    }
  }

  /** The row of a source is compared with what it said. */
  #onAlerts({ source, name }: AlertsChange): void {
    if (name !== undefined && this.#hub.source(source)?.object(name) !== undefined) {
      this.#mark({ type: 'persona', source, name });
    }
    this.#touch(source);
  }

  /** Its row if it has one, and its source's, which counts them. */
  #markAway({ source, name }: PersonaKey): void {
    if (this.#hub.source(source)?.object(name) !== undefined) {
      this.#mark({ type: 'persona', source, name });
    }
    this.#touch(source);
    this.#scheduleBadge();
  }

  #scheduleBadge(): void {
    this.#badgeTimer.clear();
    this.#badgeTimer.add(this.#clock.schedule(REDRAW_MS, () => this.#drawBadge()));
  }

  /** How many personas changed while nobody could watch; also while the view is hidden. */
  #drawBadge(): void {
    this.#badgeTimer.clear();
    const value = this.#hub.sources().reduce((sum, { away }) => sum + away.unseenCount, 0);
    this.#view.badge =
      value === 0
        ? undefined
        : {
            value,
            tooltip: countText(
              value,
              vscode.l10n.t('1 ClusterPersona changed while you were away'),
              vscode.l10n.t('{0} ClusterPersonas changed while you were away', value),
            ),
          };
  }

  #mark(node: TreeNode): void {
    if (this.#view.visible) {
      this.#dirty.set(treeNodeId(node), node);
      this.#schedule();
    }
  }

  #markAll(): void {
    this.#isAllDirty = true;
    this.#schedule();
  }

  /** The row of a source may say something else. */
  #touch(source: string): void {
    this.#rows.touch(source);
    this.#schedule();
  }

  #touchAll(): void {
    for (const { id } of this.#hub.sources()) {
      this.#rows.touch(id);
    }
  }

  #schedule(): void {
    if (!this.#isScheduled && this.#view.visible) {
      this.#isScheduled = true;
      const notBeforeMs = Math.max(this.#lastDrawnMs + REDRAW_MS, this.#tree.lastAskedMs + UNDISTURBED_MS);
      const waitMs = Math.max(0, notBeforeMs - this.#clock.monotonic());
      this.#timers.add(this.#clock.schedule(waitMs, () => this.#redraw()));
    }
  }

  #redraw(): void {
    this.#timers.clear();
    this.#isScheduled = false;
    this.#lastDrawnMs = this.#clock.monotonic();
    if (this.#isAllDirty) {
      // Here and not for each source that came: they come a thousand at a time.
      this.#look();
      this.#touchAll();
    }
    const compared = this.#rows.take();
    for (const id of compared) {
      this.#compare(id);
    }
    if (this.#isAllDirty) {
      this.#tree.refreshAll();
    } else {
      this.#tree.refresh([...this.#dirty.values()]);
    }
    this.#isAllDirty = false;
    this.#dirty.clear();
    this.#openNewcomers(compared);
    this.#scheduleDoubtful();
    if (this.#rows.isAnyCounting) {
      this.#timers.add(this.#clock.schedule(SECOND_MS, () => this.#schedule()));
    }
  }

  #compare(id: string): void {
    const source = this.#hub.source(id);
    this.#rows.setCounting(id, source !== undefined && isCountingTime(source.status().state));
    if (source !== undefined && this.#tree.isSourceOutdated(source)) {
      const node: TreeNode = { type: 'source', source: id };
      this.#dirty.set(treeNodeId(node), node);
    }
  }

  /** What VS Code may have drawn as it was before is drawn again as soon as VS Code has come to rest. */
  #scheduleDoubtful(): void {
    this.#doubtTimer.clear();
    const waitMs = this.#tree.doubtMs;
    if (waitMs === undefined || !this.#view.visible) {
      return;
    }
    this.#doubtTimer.add(
      this.#clock.schedule(waitMs, () => {
        if (this.#tree.refreshDoubtful() !== undefined) {
          // A row that could not be opened before may be openable only now.
          this.#touchAll();
          this.#schedule();
        }
        this.#scheduleDoubtful();
      }),
    );
  }

  /**
   * A row that was drawn as one without children stays closed when it gets some, unless it is opened. Opened while VS Code
   * is still redrawing, its children would not be asked for.
   */
  #openNewcomers(compared: Iterable<string>): void {
    for (const id of compared) {
      const source = this.#hub.source(id);
      if (source !== undefined && isOpenableSource(source) && this.#tree.wasDrawnWithoutChildren(id)) {
        this.#toOpen.add(id);
      }
    }
    this.#scheduleOpening();
  }

  #scheduleOpening(): void {
    if (this.#toOpen.size > 0 && !this.#isOpening) {
      this.#isOpening = true;
      this.#openingTimer.clear();
      this.#openingTimer.add(
        this.#clock.schedule(SETTLE_MS, () => {
          this.#isOpening = false;
          this.#open();
        }),
      );
    }
  }

  #open(): void {
    if (!this.#view.visible) {
      // Revealing would show the view; they are opened with the next redraw.
      return;
    }
    for (const id of [...this.#toOpen].slice(0, OPENED_AT_ONCE)) {
      this.#toOpen.delete(id);
      const source = this.#hub.source(id);
      const node = this.#tree.known({ type: 'source', source: id });
      if (source !== undefined && isOpenableSource(source) && node !== undefined) {
        // It fails when the row went in the meantime, or was being redrawn: the next redraw looks again.
        this.#view
          .reveal(node, { expand: true, select: false, focus: false })
          .then(undefined, () => this.#rows.touch(id));
      }
    }
    this.#scheduleOpening();
  }
}
