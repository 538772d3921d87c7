import * as vscode from 'vscode';
import type { Clock } from '../../base/clock';
import type { DemoScene } from '../../demo/demoScene';
import type { Hub } from '../../hub/hub';
import type { Source } from '../../hub/source';
import { compareNames } from '../../texts/compareNames';
import type { DemoSource } from '../demoSource';
import type { Hubs } from '../hubs/hubs';
import type { KubeconfigSources } from '../kubeconfigSources';
import { AskedRows, ROOT_ID } from './askedRows';
import { describeHub, describeHubNotice, hubChildren, hubTooltip } from './hubRows';
import { describePersonaItem, personaItems } from './personaItems';
import { describeApplications, describeGroup, describePersona } from './personaRows';
import { sourceNotice } from './sourceNotice';
import { describeFileProblem, describeNotice, describeSourceRow } from './sourceRows';
import { personaTooltip, sourceTooltip } from './tooltips';
import { parentOf, PERSONA_GROUPS, treeNodeId, type TreeNode } from './treeNode';

export interface SourcesTreeOptions {
  readonly hub: Hub;
  readonly kubeconfigs: KubeconfigSources;
  readonly hubs: Pick<Hubs, 'rows' | 'row' | 'hubOf'>;
  readonly demo: Pick<DemoSource, 'scene'>;
  readonly clock: Clock;
}

/**
 * The rows: hub → source → personas → nodes, add-ons, conditions; what is no hub's stands at the top. Rows are looked up in the hub whenever they are drawn; the
 * tree keeps only their identities, since VS Code tells rows apart by the object it was given.
 */
export class SourcesTree implements vscode.TreeDataProvider<TreeNode>, vscode.Disposable {
  readonly #hub: Hub;
  readonly #kubeconfigs: KubeconfigSources;
  readonly #hubs: Pick<Hubs, 'rows' | 'row' | 'hubOf'>;
  readonly #demo: Pick<DemoSource, 'scene'>;
  readonly #clock: Clock;
  readonly #changed = new vscode.EventEmitter<TreeNode[] | undefined>();
  readonly #known = new Map<string, TreeNode>();
  readonly #withoutChildren = new Set<string>();
  /** What the rows of sources said when VS Code was given them. */
  readonly #given = new Map<string, string>();
  readonly #asked: AskedRows;
  readonly onDidChangeTreeData = this.#changed.event;

  constructor({ hub, kubeconfigs, hubs, demo, clock }: SourcesTreeOptions) {
    this.#hub = hub;
    this.#kubeconfigs = kubeconfigs;
    this.#hubs = hubs;
    this.#demo = demo;
    this.#clock = clock;
    this.#asked = new AskedRows(clock);
  }

  /** Redraws these rows and what is open below them; rows that were never drawn are left out. */
  refresh(nodes: readonly TreeNode[]): void {
    const drawn = nodes
      .map((node) => this.#known.get(treeNodeId(node)))
      .filter((node): node is TreeNode => node !== undefined);
    if (drawn.length > 0) {
      this.#asked.refreshed(drawn.map((node) => treeNodeId(node)));
      this.#changed.fire(drawn);
    }
  }

  /**
   * Redraws once more what VS Code may have drawn as it was before; undefined where that is nothing or not yet due, else
   * whether it is everything.
   */
  refreshDoubtful(): 'all' | 'some' | undefined {
    const doubtful = this.#asked.takeDoubtful();
    if (doubtful.includes(ROOT_ID)) {
      this.refreshAll();
      return 'all';
    }
    const nodes = doubtful.map((id) => this.#known.get(id)).filter((node) => node !== undefined);
    this.refresh(nodes);
    return nodes.length === 0 ? undefined : 'some';
  }

  /** In how many milliseconds {@link refreshDoubtful} is due; undefined where nothing is in doubt. */
  get doubtMs(): number | undefined {
    return this.#asked.doubtMs;
  }

  /** Redraws everything. Rows keep their identity, so that a refresh of one is not lost while this one is under way. */
  refreshAll(): void {
    for (const [id, node] of this.#known) {
      if (!this.#isThere(node)) {
        this.#known.delete(id);
      }
    }
    for (const id of this.#given.keys()) {
      if (this.#hub.source(id) === undefined) {
        this.#given.delete(id);
        this.#withoutChildren.delete(id);
      }
    }
    this.#asked.refreshed([ROOT_ID]);
    this.#changed.fire(undefined);
  }

  /** Whether the row of a source says something else now than when VS Code was given it; not before that. */
  isSourceOutdated(source: Source): boolean {
    const given = this.#given.get(source.id);
    return given !== undefined && given !== sayings(this.#drawSource(source), source);
  }

  /** When VS Code last asked for rows, in monotonic milliseconds. */
  get lastAskedMs(): number {
    return this.#asked.lastMs;
  }

  /** Whether the row of a source was drawn as one that cannot be opened, and what is below it was not asked for since. */
  wasDrawnWithoutChildren(source: string): boolean {
    return this.#withoutChildren.has(source);
  }

  getTreeItem(node: TreeNode): vscode.TreeItem {
    const item = this.#draw(node) ?? new vscode.TreeItem(vscode.l10n.t('gone'));
    if (node.type === 'source') {
      const source = this.#hub.source(node.source);
      if (source !== undefined) {
        this.#given.set(source.id, sayings(item, source));
      }
      if (item.collapsibleState === vscode.TreeItemCollapsibleState.None) {
        this.#withoutChildren.add(node.source);
      }
    }
    item.id = treeNodeId(node);
    return item;
  }

  getChildren(node?: TreeNode): TreeNode[] {
    this.#asked.asked(node === undefined ? ROOT_ID : treeNodeId(node));
    if (node?.type === 'source') {
      this.#withoutChildren.delete(node.source);
    }
    const children = this.#children(node);
    return children.map((child) => this.#intern(child));
  }

  getParent(node: TreeNode): TreeNode | undefined {
    const parent = parentOf(node, (source) => this.#hubs.hubOf(source)?.url);
    return parent === undefined ? undefined : this.#intern(parent);
  }

  /** The object VS Code knows a row by, if it was ever drawn. */
  known(node: TreeNode): TreeNode | undefined {
    return this.#known.get(treeNodeId(node));
  }

  /** Tooltips are made when they are asked for, so that they are as fresh as can be. */
  resolveTreeItem(item: vscode.TreeItem, node: TreeNode): vscode.TreeItem {
    if (node.type === 'hub' || node.type === 'hubNotice') {
      const row = this.#hubs.row(node.url);
      if (row !== undefined) {
        item.tooltip = hubTooltip(row, this.#clock.now());
      }
      return item;
    }
    const source = 'source' in node ? this.#hub.source(node.source) : undefined;
    if (source !== undefined && (node.type === 'source' || node.type === 'notice')) {
      item.tooltip = sourceTooltip(
        source,
        {
          context: this.#kubeconfigs.context(source.id),
          hub: this.#hubs.hubOf(source.id),
          scene: this.#sceneOf(source),
          alertCount: this.#hub.alerts.counts(source.id).total,
        },
        this.#clock.now(),
      );
    } else if (source !== undefined && node.type === 'persona') {
      const persona = source.persona(node.name);
      const row = source.row(node.name);
      if (persona !== undefined && row !== undefined) {
        item.tooltip = personaTooltip(this.#hub, source, persona, row, this.#clock.now());
      }
    }
    return item;
  }

  dispose(): void {
    this.#changed.dispose();
  }

  #children(node: TreeNode | undefined): TreeNode[] {
    switch (node?.type) {
      case undefined:
        return [
          ...this.#kubeconfigs.problems.map((problem): TreeNode => ({ type: 'fileProblem', problem })),
          ...this.#hub
            .sources()
            .filter(({ id }) => this.#hubs.hubOf(id) === undefined)
            .map(({ id }): TreeNode => ({ type: 'source', source: id })),
          ...this.#hubs.rows.map(({ url }): TreeNode => ({ type: 'hub', url })),
        ];
      case 'source': {
        const source = this.#hub.source(node.source);
        return source === undefined ? [] : sourceChildren(source, this.#isHubUp(node.source));
      }
      case 'hub': {
        const row = this.#hubs.row(node.url);
        return row === undefined ? [] : hubChildren(row);
      }
      case 'persona':
        return [
          ...PERSONA_GROUPS.map((group): TreeNode => ({ ...node, type: 'group', group })),
          { ...node, type: 'applications' },
        ];
      case 'group': {
        const persona = this.#hub.source(node.source)?.persona(node.name);
        return persona === undefined
          ? []
          : personaItems(persona, node.group).map((item): TreeNode => ({ ...node, type: 'item', item }));
      }
      case 'notice':
      case 'fileProblem':
      case 'hubNotice':
      case 'applications':
      case 'item':
        return [];
      default:
        return node satisfies never;
    }
  }

  #draw(node: TreeNode): vscode.TreeItem | undefined {
    if (node.type === 'fileProblem') {
      return describeFileProblem(node.problem);
    }
    if (node.type === 'hub' || node.type === 'hubNotice') {
      const row = this.#hubs.row(node.url);
      if (row === undefined) {
        return undefined;
      }
      return node.type === 'hub' ? describeHub(row) : describeHubNotice(row, node.about);
    }
    const source = this.#hub.source(node.source);
    if (source === undefined) {
      return undefined;
    }
    if (node.type === 'source') {
      return this.#drawSource(source);
    }
    if (node.type === 'notice') {
      return describeNotice(source, node.about);
    }
    const persona = source.persona(node.name);
    const row = source.row(node.name);
    if (persona === undefined || row === undefined) {
      return undefined;
    }
    switch (node.type) {
      case 'persona':
        return describePersona(row, source.status().state, {
          hasNews: source.away.get(node.name)?.isSeen === false,
          alertCount: this.#hub.alerts.counts(source.id, node.name).total,
        });
      case 'group':
        return describeGroup(persona, row, node.group);
      case 'applications':
        return describeApplications(row);
      case 'item':
        return describePersonaItem(persona, node);
      default:
        return node satisfies never;
    }
  }

  #drawSource(source: Source): vscode.TreeItem {
    const alerts = this.#hub.alerts.counts(source.id);
    return describeSourceRow(source, this.#sceneOf(source), alerts, this.#clock.now());
  }

  #sceneOf(source: Source): DemoScene | undefined {
    return source.definition.kind === 'demo' ? this.#demo.scene : undefined;
  }

  #isThere(node: TreeNode): boolean {
    if (node.type === 'fileProblem') {
      return this.#kubeconfigs.problems.includes(node.problem);
    }
    if (node.type === 'hub' || node.type === 'hubNotice') {
      return this.#hubs.row(node.url) !== undefined;
    }
    const source = this.#hub.source(node.source);
    return source !== undefined && (!('name' in node) || source.object(node.name) !== undefined);
  }

  /** Why a hub does not work is said below its row, and not below each of its clusters. */
  #isHubUp(source: string): boolean {
    const url = this.#hubs.hubOf(source)?.url;
    return url === undefined || this.#hubs.row(url)?.state.type === 'open';
  }

  #intern(node: TreeNode): TreeNode {
    const id = treeNodeId(node);
    const known = this.#known.get(id);
    if (known !== undefined) {
      return known;
    }
    this.#known.set(id, node);
    return node;
  }
}

/** What a row says that can change, as one text to compare with. */
function sayings({ description, contextValue, iconPath }: vscode.TreeItem, source: Source): string {
  return JSON.stringify([description, contextValue, iconPath, source.status().state.type]);
}

/** Why the source is not live comes first, then everything it holds, by name. */
function sourceChildren(source: Source, isHubUp: boolean): TreeNode[] {
  const status = source.status();
  const about = { type: 'notice', source: source.id } as const;
  const notices: TreeNode[] =
    !isHubUp || sourceNotice(status.state, status.kind) === undefined
      ? []
      : [
          { ...about, about: 'problem' },
          { ...about, about: 'remedy' },
        ];
  const names = [...source.rows()].map(({ name }) => name).toSorted(compareNames);
  if (names.length === 0 && status.state.type === 'live') {
    notices.push({ ...about, about: 'empty' });
  }
  return [...notices, ...names.map((name): TreeNode => ({ type: 'persona', source: source.id, name }))];
}
