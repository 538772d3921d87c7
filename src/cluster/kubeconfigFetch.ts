// First: it remembers what the imports below replace.
import { restorePlatformFetch } from './platformFetch';
import type { Clock } from '../base/clock';
import type { Disposable } from '../base/disposable';
import { KubeTransportError, type KubeFetch } from '../base/kubeFetch';
import type { Logger } from '../base/logger';
import { ProblemError } from '../protocol/problem';
import { AgentGenerations } from './agentGenerations';
import { CredentialSource } from './credentialSource';
import type { KubeconfigContext } from './kubeconfigContexts';
import { mergeKubeconfigs, readKubeconfigFile } from './kubeconfigFile';
import { proxyForServer, proxySettingsFromEnvironment } from './proxySettings';
import { execCommandLine, resolveContext, type ContextResolution } from './resolvedContext';
import { createUndiciFetch } from './undiciFetch';

restorePlatformFetch();

export interface ClusterConnectionOptions {
  readonly context: KubeconfigContext;
  readonly logger: Logger;
  readonly clock: Clock;
  /**
   * Asked, with program and arguments, when the connection is opened and again before each run of a program that
   * the kubeconfig names. False: nothing is run, and the problem is `consent`.
   */
  readonly mayRun: (command: string) => Promise<boolean>;
  readonly userAgent: string;
  /**
   * The proxy for a server's address (an http, https or socks5 URL); asked where the kubeconfig names none. Without it
   * the environment's variables count, as for kubectl.
   */
  readonly proxyFor?: (server: string) => string | undefined;
}

/** An authenticated way to one cluster. `dispose` ends everything that is under way with `closed`. */
export interface ClusterConnection extends Disposable {
  readonly fetch: KubeFetch;
  /**
   * Makes the credentials anew: files are read, plugins and issuers asked again. To be called when the server answered
   * 401. Rejects with {@link KubeTransportError}.
   */
  refreshCredentials(): Promise<void>;
}

/**
 * Opens a context without sending anything yet: credentials are made with the first request. Rejects with
 * {@link ProblemError}: `kubeconfig` when the context cannot be used as it stands in its file now, `consent` when its
 * program may not be run.
 */
export async function openClusterConnection(options: ClusterConnectionOptions): Promise<ClusterConnection> {
  const { context, clock, logger, mayRun, userAgent } = options;
  const resolve = (): Promise<ContextResolution> => resolveFromFiles(context);
  const resolution = await resolve();
  if (!resolution.ok) {
    throw new ProblemError({ code: 'kubeconfig', detail: resolution.detail });
  }
  const { exec } = resolution.resolved;
  if (exec !== undefined && !(await mayRun(execCommandLine(exec)))) {
    throw new ProblemError({ code: 'consent', detail: execCommandLine(exec) });
  }
  const closed = new AbortController();
  const environment = proxySettingsFromEnvironment(process.env);
  const proxyFor = options.proxyFor ?? ((server: string) => proxyForServer(environment, server));
  const source = new CredentialSource({ resolve, clock, logger, mayRun, proxyFor });
  const agents = new AgentGenerations(proxyFor);
  return {
    fetch: createUndiciFetch({
      credentials: () => source.current(),
      agentFor: ({ identity }) => agents.for(identity),
      clock,
      userAgent,
      closed: closed.signal,
    }),
    refreshCredentials: () => source.refresh(),
    dispose() {
      closed.abort(new KubeTransportError('closed', 'the connection was closed'));
      source.dispose();
      agents.dispose();
    },
  };
}

async function resolveFromFiles(context: KubeconfigContext): Promise<ContextResolution> {
  const readings = await Promise.all(
    (context.mergedPaths ?? [context.path]).map((file) => readKubeconfigFile(file)),
  );
  const own = readings.find((reading) => !reading.ok && reading.problem.path === context.path);
  if (own !== undefined && !own.ok) {
    return { ok: false, detail: `${own.problem.path} is ${own.problem.reason} (${own.problem.detail})` };
  }
  const kubeconfig = mergeKubeconfigs(
    readings.flatMap((reading) => (reading.ok ? [reading.kubeconfig] : [])),
  );
  return resolveContext(kubeconfig, context.context);
}
