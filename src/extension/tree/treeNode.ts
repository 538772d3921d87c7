import type { KubeconfigFileProblem } from '../../cluster/kubeconfigContexts';

/** More than any row has room for, of texts that may have a megabyte. */
export const MAX_ROW_CHARS = 120;

export const PERSONA_GROUPS = ['nodes', 'addons', 'conditions'] as const;
export type PersonaGroup = (typeof PERSONA_GROUPS)[number];

/** What a row stands for. It holds no data of the cluster: that is looked up when the row is drawn. */
export type TreeNode =
  | { readonly type: 'source'; readonly source: string }
  | { readonly type: 'notice'; readonly source: string; readonly about: NoticeAbout }
  | { readonly type: 'fileProblem'; readonly problem: KubeconfigFileProblem }
  | { readonly type: 'hub'; readonly url: string }
  | { readonly type: 'hubNotice'; readonly url: string; readonly about: NoticeAbout }
  | { readonly type: 'persona'; readonly source: string; readonly name: string }
  | { readonly type: 'group'; readonly source: string; readonly name: string; readonly group: PersonaGroup }
  | { readonly type: 'applications'; readonly source: string; readonly name: string }
  | ItemNode;

export interface ItemNode {
  readonly type: 'item';
  readonly source: string;
  readonly name: string;
  readonly group: PersonaGroup;
  /** Name of the node or add-on, type of the condition. */
  readonly item: string;
}

/** `problem`: why the source is not live; `remedy`: the one thing to do; `empty`: there is nothing to show. */
export type NoticeAbout = 'problem' | 'remedy' | 'empty';

/** Stable across refreshes, so that selection, expansion and scroll survive them. */
export function treeNodeId(node: TreeNode): string {
  switch (node.type) {
    case 'source':
      return JSON.stringify([node.source]);
    case 'notice':
      return JSON.stringify([node.source, 'notice', node.about]);
    case 'fileProblem':
      return JSON.stringify(['file', node.problem.path]);
    case 'hub':
      return JSON.stringify(['hub', node.url]);
    case 'hubNotice':
      return JSON.stringify(['hub', node.url, node.about]);
    case 'persona':
      return JSON.stringify([node.source, 'persona', node.name]);
    case 'group':
      return JSON.stringify([node.source, 'persona', node.name, node.group]);
    case 'applications':
      return JSON.stringify([node.source, 'persona', node.name, 'applications']);
    case 'item':
      return JSON.stringify([node.source, 'persona', node.name, node.group, node.item]);
    default:
      return node satisfies never;
  }
}

/** The row above; undefined for those at the top. `hubOf` gives the address of the hub that a source is of. */
export function parentOf(
  node: TreeNode,
  hubOf: (source: string) => string | undefined,
): TreeNode | undefined {
  switch (node.type) {
    case 'source': {
      const url = hubOf(node.source);
      return url === undefined ? undefined : { type: 'hub', url };
    }
    case 'fileProblem':
    case 'hub':
      return undefined;
    case 'hubNotice':
      return { type: 'hub', url: node.url };
    case 'notice':
    case 'persona':
      return { type: 'source', source: node.source };
    case 'group':
    case 'applications':
      return { type: 'persona', source: node.source, name: node.name };
    case 'item':
      return { type: 'group', source: node.source, name: node.name, group: node.group };
    default:
      return node satisfies never;
  }
}
