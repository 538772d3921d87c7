import * as vscode from 'vscode';
import type { KubeFetch } from '../../base/kubeFetch';
import type { Hub } from '../../hub/hub';
import { listNames } from '../../kube/listNames';
import { listPods } from '../../kube/listPods';
import type { LogSelection } from '../../protocol/logView';
import { problemFromError } from '../../protocol/problemFromError';
import { plainLabel } from '../plainText';

/** Kinds of workloads that are offered: a ReplicaSet is its Deployment's. */
const WORKLOADS = [
  { kind: 'Deployment', path: 'apis/apps/v1', plural: 'deployments', icon: 'layers' },
  { kind: 'StatefulSet', path: 'apis/apps/v1', plural: 'statefulsets', icon: 'database' },
  { kind: 'DaemonSet', path: 'apis/apps/v1', plural: 'daemonsets', icon: 'server-environment' },
  { kind: 'Job', path: 'apis/batch/v1', plural: 'jobs', icon: 'run-all' },
] as const;

interface Choice extends vscode.QuickPickItem {
  readonly selection?: LogSelection;
  readonly namespace?: string;
  readonly bySelector?: true;
  readonly byName?: true;
}

/** What Kubernetes takes for the name of a namespace. */
const NAMESPACE = /^[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?$/;

/**
 * Asks whose logs are wanted: a namespace or a node first, then all of a namespace, one of its workloads or pods, or a selector.
 * Who may not list namespaces, as behind a hub, types the name of one.
 */
export async function pickLogs(hub: Hub, source: string): Promise<LogSelection | undefined> {
  const fetch: KubeFetch = async (path, request) => hub.requireSource(source).fetch()(path, request);
  const ended = new AbortController();
  try {
    const place = await vscode.window.showQuickPick(namespacesAndNodes(fetch, ended.signal), {
      title: vscode.l10n.t('Show logs'),
      placeHolder: vscode.l10n.t('Which namespace, or which node?'),
    });
    const namespace = place?.byName === true ? await askNamespace() : place?.namespace;
    if (namespace === undefined) {
      return place?.selection;
    }
    const chosen = await vscode.window.showQuickPick(inNamespace(fetch, namespace, ended.signal), {
      title: vscode.l10n.t('Show logs of {0}', namespace),
      placeHolder: vscode.l10n.t('Of everything, or of a workload or a pod?'),
      matchOnDescription: true,
    });
    return chosen?.bySelector === true ? await askSelector(namespace) : chosen?.selection;
  } finally {
    ended.abort(new DOMException('the choice was made', 'AbortError'));
  }
}

async function namespacesAndNodes(fetch: KubeFetch, signal: AbortSignal): Promise<Choice[]> {
  const [namespaces, nodes] = await Promise.allSettled([
    listNames(fetch, '/api/v1/namespaces', signal),
    listNames(fetch, '/api/v1/nodes', signal),
  ]);
  // A hub hands on neither, and many may read the pods of a namespace and not which others there are.
  if (namespaces.status === 'rejected' && nodes.status === 'rejected' && !isForbidden(namespaces.reason)) {
    throw namespaces.reason;
  }
  return [
    ...section(
      vscode.l10n.t('Namespaces'),
      namespaces.status === 'rejected'
        ? [
            {
              ...item(vscode.l10n.t('Type a namespace…'), 'edit'),
              description: vscode.l10n.t('they cannot be listed here'),
              byName: true,
            },
          ]
        : namespaces.value.map((namespace) => ({ ...item(namespace, 'symbol-namespace'), namespace })),
    ),
    ...section(
      vscode.l10n.t('Nodes'),
      found(nodes).map((node) => ({ ...item(node, 'server'), selection: { type: 'node', node } })),
    ),
  ];
}

function isForbidden(error: unknown): boolean {
  return problemFromError(error).code === 'forbidden';
}

async function inNamespace(fetch: KubeFetch, namespace: string, signal: AbortSignal): Promise<Choice[]> {
  const base = `namespaces/${encodeURIComponent(namespace)}`;
  const [pods, ...workloads] = await Promise.allSettled([
    listPods(fetch, namespace, signal),
    ...WORKLOADS.map(({ path, plural }) => listNames(fetch, `/${path}/${base}/${plural}`, signal)),
  ] as const);
  return [
    {
      ...item(vscode.l10n.t('Everything in {0}', namespace), 'symbol-namespace'),
      selection: { type: 'namespace', namespace },
    },
    { ...item(vscode.l10n.t('By label selector…'), 'tag'), bySelector: true },
    ...section(
      vscode.l10n.t('Workloads'),
      WORKLOADS.flatMap(({ kind, icon }, index): Choice[] => {
        const names = workloads[index];
        return (names?.status === 'fulfilled' ? names.value : []).map((name) => ({
          ...item(name, icon),
          description: kind,
          selection: { type: 'workload', namespace, kind, name },
        }));
      }),
    ),
    ...section(
      vscode.l10n.t('Pods'),
      found(pods).map(({ name, phase }) => ({
        ...item(name, 'package'),
        description: phase,
        selection: { type: 'pod', namespace, pod: name },
      })),
    ),
  ];
}

async function askNamespace(): Promise<string | undefined> {
  const name = await vscode.window.showInputBox({
    title: vscode.l10n.t('Show logs'),
    prompt: vscode.l10n.t('The name of a namespace'),
    validateInput: (text) =>
      NAMESPACE.test(text.trim())
        ? undefined
        : vscode.l10n.t('A namespace is named with lower case letters, digits and hyphens.'),
  });
  return name?.trim();
}

async function askSelector(namespace: string): Promise<LogSelection | undefined> {
  const selector = await vscode.window.showInputBox({
    title: vscode.l10n.t('Show logs of {0}', namespace),
    prompt: vscode.l10n.t('A label selector, such as app=web,tier!=cache'),
    validateInput: (text) =>
      text.trim() === '' || text.length > 4_096 ? vscode.l10n.t('Type a label selector.') : undefined,
  });
  return selector === undefined ? undefined : { type: 'selector', namespace, selector: selector.trim() };
}

function found<T>(list: PromiseSettledResult<readonly T[]>): readonly T[] {
  return list.status === 'fulfilled' ? list.value : [];
}

function item(name: string, icon: string): Choice {
  return { label: plainLabel(name), iconPath: new vscode.ThemeIcon(icon) };
}

/** Choices under a heading; nothing where there are none. */
function section(label: string, choices: readonly Choice[]): readonly Choice[] {
  return choices.length === 0 ? [] : [{ label, kind: vscode.QuickPickItemKind.Separator }, ...choices];
}
