import { writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { systemClock, type Clock } from '../../src/base/clock';
import { nullLogger, type Logger } from '../../src/base/logger';
import type { ExecPluginQuestion } from '../../src/cluster/execPlugin';
import { readKubeconfigs, type KubeconfigContext } from '../../src/cluster/kubeconfigContexts';
import type { ClusterConnection } from '../../src/cluster/clusterConnection';
import { openClusterConnection } from '../../src/cluster/kubeconfigFetch';

/** Writes a kubeconfig with one context, `test`, and returns its path. */
export function writeTestKubeconfig(folder: string, cluster: object, user: object | undefined): string {
  const file = path.join(folder, 'config');
  writeFileSync(
    file,
    JSON.stringify({
      'current-context': 'test',
      contexts: [{ name: 'test', context: { cluster: 'c', ...(user === undefined ? {} : { user: 'u' }) } }],
      clusters: [{ name: 'c', cluster }],
      users: user === undefined ? [] : [{ name: 'u', user }],
    }),
  );
  return file;
}

export async function contextIn(file: string): Promise<KubeconfigContext> {
  const { contexts } = await readKubeconfigs([file]);
  const [context] = contexts;
  if (context === undefined) {
    throw new Error('no context');
  }
  return context;
}

export interface OpenOptions {
  readonly clock?: Clock;
  readonly logger?: Logger;
  readonly mayRun?: (plugin: ExecPluginQuestion) => Promise<boolean>;
  readonly signal?: AbortSignal;
  readonly proxyFor?: (server: string) => string | undefined;
}

export async function openFile(file: string, options: OpenOptions = {}): Promise<ClusterConnection> {
  return openClusterConnection({
    context: await contextIn(file),
    clock: options.clock ?? systemClock,
    logger: options.logger ?? nullLogger,
    mayRun: options.mayRun ?? (() => Promise.resolve(false)),
    userAgent: 'clusterpersona-test/1',
    ...(options.proxyFor === undefined ? {} : { proxyFor: options.proxyFor }),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
}
