import * as vscode from 'vscode';
import type { ClusterPersona } from '../../persona/clusterPersona';
import { addonHealth, conditionHealth, nodeHealth } from '../../persona/health';
import type { PersonaAddon, PersonaCondition, PersonaNode } from '../../persona/personaStatus';
import { cutText } from '../../base/cutText';
import { addonNamespace } from '../../persona/addonNamespace';
import { healthIcon } from '../icons';
import { MAX_ROW_CHARS, type ItemNode, type PersonaGroup } from './treeNode';

/** What a row has no room for, its tooltip has. */
const MAX_TOOLTIP_CHARS = 1_000;

/** Names of what a group holds; a name that is listed twice stands once. */
export function personaItems({ status }: ClusterPersona, group: PersonaGroup): string[] {
  switch (group) {
    case 'nodes':
      return unique(status?.nodes?.map(({ name }) => name));
    case 'addons':
      return unique(status?.addons?.map(({ name }) => name));
    case 'conditions':
      return unique(status?.conditions?.map(({ type }) => type));
    default:
      return group satisfies never;
  }
}

function unique(names: readonly string[] | undefined): string[] {
  return [...new Set(names)];
}

export function describePersonaItem({ status }: ClusterPersona, node: ItemNode): vscode.TreeItem | undefined {
  switch (node.group) {
    case 'nodes': {
      const found = status?.nodes?.find(({ name }) => name === node.item);
      return found && describeNode(found, status?.nodes ?? []);
    }
    case 'addons': {
      const found = status?.addons?.find(({ name }) => name === node.item);
      return found && describeAddon(found, node);
    }
    case 'conditions': {
      const found = status?.conditions?.find(({ type }) => type === node.item);
      return found && describeCondition(found);
    }
    default:
      return node.group satisfies never;
  }
}

function describeNode(node: PersonaNode, nodes: readonly PersonaNode[]): vscode.TreeItem {
  const item = new vscode.TreeItem(cutText(shortName(node, nodes), MAX_ROW_CHARS));
  item.tooltip = cutText(node.name, MAX_TOOLTIP_CHARS);
  item.description = joined(
    node.ready === undefined
      ? vscode.l10n.t('readiness unknown')
      : node.ready
        ? vscode.l10n.t('ready')
        : vscode.l10n.t('not ready'),
    node.role,
    node.kubeletVersion,
  );
  item.iconPath = healthIcon(nodeHealth(node));
  item.contextValue = 'node.logs';
  return item;
}

/** How many nodes share the first label of their name, for each list of nodes once. */
const hostCounts = new WeakMap<readonly PersonaNode[], ReadonlyMap<string, number>>();

/** A cloud's node names end in the same long domain: the host's part is enough where it is unique. */
function shortName({ name }: PersonaNode, nodes: readonly PersonaNode[]): string {
  let counts = hostCounts.get(nodes);
  if (counts === undefined) {
    const counted = new Map<string, number>();
    for (const node of nodes) {
      counted.set(hostOf(node.name), (counted.get(hostOf(node.name)) ?? 0) + 1);
    }
    counts = counted;
    hostCounts.set(nodes, counts);
  }
  return counts.get(hostOf(name)) === 1 ? hostOf(name) : name;
}

function hostOf(name: string): string {
  return name.split('.', 1)[0] ?? name;
}

function describeAddon(addon: PersonaAddon, node: ItemNode): vscode.TreeItem {
  const item = new vscode.TreeItem(cutText(addon.name, MAX_ROW_CHARS));
  const health = addonHealth(addon);
  const word =
    health === 'notInstalled'
      ? vscode.l10n.t('not installed')
      : health === 'unknown'
        ? vscode.l10n.t('health unknown')
        : health === 'ok'
          ? vscode.l10n.t('healthy')
          : vscode.l10n.t('unhealthy');
  item.description = joined(word, addon.version);
  item.iconPath = healthIcon(health);
  const hasLogs = addonNamespace(addon) !== undefined;
  item.contextValue = hasLogs ? 'addon.logs' : 'addon';
  if (hasLogs) {
    item.command = {
      command: 'clusterpersona.openLogs',
      title: '',
      arguments: [{ source: node.source, name: node.name, addon: addon.name }],
    };
  }
  return item;
}

function describeCondition(condition: PersonaCondition): vscode.TreeItem {
  const item = new vscode.TreeItem(cutText(condition.type, MAX_ROW_CHARS));
  item.description = joined(
    condition.status ?? vscode.l10n.t('unknown'),
    condition.reason,
    condition.message,
  );
  item.tooltip = cutText(joined(condition.type, condition.reason, condition.message), MAX_TOOLTIP_CHARS);
  item.iconPath = healthIcon(conditionHealth(condition));
  item.contextValue = 'condition';
  return item;
}

function joined(...parts: readonly (string | undefined)[]): string {
  return parts
    .flatMap((part) => (part === undefined || part === '' ? [] : [cutText(part, MAX_ROW_CHARS)]))
    .join(' · ');
}
