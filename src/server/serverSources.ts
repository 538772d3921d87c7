import { resolve } from 'node:path';
import type { Clock } from '../base/clock';
import type { Logger } from '../base/logger';
import type { Random } from '../base/random';
import { readKubeconfigs, type KubeconfigContext } from '../cluster/kubeconfigContexts';
import { openClusterConnection } from '../cluster/kubeconfigFetch';
import { findServiceAccount } from '../cluster/serviceAccount';
import { openServiceAccountConnection } from '../cluster/serviceAccountFetch';
import type { Hub } from '../hub/hub';
import type { SourceDefinition } from '../hub/source';
import { ProblemError } from '../protocol/problem';
import type { SourcesArgument } from './serverArguments';
import { StartError } from './startError';

export interface ServerSourcesOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** Of this program. */
  readonly version: string;
}

/** The clusters to serve. Rejects with {@link StartError} where there is no such context, or this is no pod. */
export async function serverSources(
  argument: SourcesArgument,
  options: ServerSourcesOptions,
): Promise<SourceDefinition[]> {
  switch (argument.type) {
    case 'none':
      return [];
    case 'demo':
      return [demoSource(options)];
    case 'kubeconfig': {
      const contexts = await contextsOf(argument.file, argument.contexts);
      return contexts.map((context) => kubeconfigSource(context, options));
    }
    case 'inCluster':
      return [inClusterSource(argument, options)];
    default:
      return argument satisfies never;
  }
}

/** The source of the compatible face; without a name the only one. */
export function compatSourceOf(hub: Hub, name: string | undefined): string | undefined {
  const sources = hub.sources();
  return name === undefined
    ? sources.length === 1
      ? sources[0]?.id
      : undefined
    : namedSource(hub, '--compat-source', name);
}

/** The source whose cluster says who somebody is; without a name the first one. */
export function homeSourceOf(hub: Hub, name: string | undefined): string {
  const ofClusters = hub.sources().filter(({ definition }) => definition.kind !== 'hub');
  const id = name === undefined ? ofClusters[0]?.id : namedSource(hub, '--auth-context', name);
  if (id === undefined || hub.source(id)?.definition.kind === 'hub') {
    throw new StartError('there is no cluster that could say who somebody is');
  }
  return id;
}

/** The one that is named by its id or, where that is clear, by its label. */
function namedSource(hub: Hub, option: string, name: string): string | undefined {
  const sources = hub.sources();
  const named = sources.filter(({ id, definition }) => id === name || definition.label === name);
  if (named.length !== 1) {
    const known = sources.map(({ definition }) => definition.label).join(', ');
    throw new StartError(`${option} "${name}" is ${named.length === 0 ? 'none' : 'several'} of ${known}`);
  }
  return named[0]?.id;
}

function demoSource({ clock, random, logger }: ServerSourcesOptions): SourceDefinition {
  return {
    id: 'demo',
    kind: 'demo',
    label: 'demo',
    open: async () => {
      const { createDemoCluster } = await import('../demo/demoCluster');
      const cluster = createDemoCluster({ clock, seed: Math.floor(random.next() * 2 ** 32), logger });
      cluster.start();
      return { fetch: cluster.fetch, initialState: 'watchList', dispose: () => cluster.dispose() };
    },
  };
}

function inClusterSource(
  { folder, name }: Extract<SourcesArgument, { type: 'inCluster' }>,
  { clock, logger, version }: ServerSourcesOptions,
): SourceDefinition {
  const account = findServiceAccount(process.env, folder);
  if (account === undefined) {
    throw new StartError(
      `say which clusters to serve: --demo, or --kubeconfig FILE; this program is in no pod with a service account (KUBERNETES_SERVICE_HOST, KUBERNETES_SERVICE_PORT and ${folder}/token)`,
    );
  }
  return {
    // The same for every replica.
    id: 'in-cluster',
    kind: 'kubeconfig',
    label: name,
    open: (signal) =>
      openServiceAccountConnection({ account, logger, clock, signal, userAgent: userAgentOf(version) }),
  };
}

function userAgentOf(version: string): string {
  return `clusterpersona-hub/${version}`;
}

async function contextsOf(file: string, names: readonly string[]): Promise<KubeconfigContext[]> {
  const { contexts, problems } = await readKubeconfigs([resolve(file)]);
  const [problem] = problems;
  if (problem !== undefined) {
    throw new StartError(`the kubeconfig ${file} is ${problem.reason}: ${problem.detail}`);
  }
  const known = contexts.map(({ context }) => context).join(', ');
  if (names.length === 0) {
    const current = contexts.filter(({ isCurrent }) => isCurrent);
    if (current.length === 0) {
      throw new StartError(
        `the kubeconfig ${file} has no current context: name one of ${known} by --context`,
      );
    }
    return current;
  }
  return names.map((name) => {
    const found = contexts.find(({ context }) => context === name);
    if (found === undefined) {
      throw new StartError(`the kubeconfig ${file} has no context "${name}", but ${known}`);
    }
    return found;
  });
}

function kubeconfigSource(
  context: KubeconfigContext,
  { clock, logger, version }: ServerSourcesOptions,
): SourceDefinition {
  return {
    id: context.source,
    kind: 'kubeconfig',
    label: context.context,
    open: async (signal) => {
      if (context.problem !== undefined) {
        throw new ProblemError(context.problem);
      }
      return openClusterConnection({
        context,
        logger,
        clock,
        signal,
        // Whoever starts the server names the file, and with it the programs in it.
        mayRun: () => Promise.resolve(true),
        userAgent: userAgentOf(version),
      });
    },
  };
}
