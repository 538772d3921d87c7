// First: it remembers what the imports below replace.
import { restorePlatformFetch } from './platformFetch';
import type { Clock } from '../base/clock';
import type { Disposable } from '../base/disposable';
import { KubeTransportError, type KubeFetch } from '../base/kubeFetch';
import type { Logger } from '../base/logger';
import { ProblemError } from '../protocol/problem';
import { AgentGenerations } from './agentGenerations';
import { connectPacerOf } from './connectPacer';
import type { ConnectionIdentity } from './credentials';
import { CredentialSource } from './credentialSource';
import { execLaunch, execPluginQuestion, type ExecPluginQuestion } from './execPlugin';
import { proxyForServer, proxySettingsFromEnvironment } from './proxySettings';
import type { ContextResolution } from './resolvedContext';
import { createUndiciFetch } from './undiciFetch';
import { untilAborted } from './untilAborted';

restorePlatformFetch();

export interface ConnectionOptions {
  readonly logger: Logger;
  readonly clock: Clock;
  /**
   * Asked when the connection is opened and again before each run of a program that the kubeconfig names. False: nothing
   * is run, and the problem is `consent`.
   */
  readonly mayRun: (plugin: ExecPluginQuestion) => Promise<boolean>;
  readonly userAgent: string;
  /**
   * The proxy for a server's address (an http, https or socks5 URL); asked where the kubeconfig names none. Without it
   * the environment's variables count, as for kubectl.
   */
  readonly proxyFor?: (server: string) => string | undefined;
  /** Ends the opening, and once it is open the connection, with every program that runs for it. */
  readonly signal?: AbortSignal;
}

/** An authenticated way to one cluster. `dispose` ends everything that is under way with `closed`. */
export interface ClusterConnection extends Disposable {
  readonly fetch: KubeFetch;
  /**
   * Makes the credentials anew: files are read, plugins and issuers asked again. To be called when the server answered
   * 401. Rejects with {@link KubeTransportError}.
   */
  refreshCredentials(): Promise<void>;
  /**
   * What the next connection would be made with; made first, as for a request, where there are no credentials yet. It
   * holds key material and stays in this layer. Rejects with {@link KubeTransportError}.
   */
  identity(): Promise<ConnectionIdentity>;
}

/**
 * Opens what `resolveNow` names, and asks it again whenever credentials are made, without sending anything yet. Rejects with
 * {@link ProblemError}: `kubeconfig` when what is resolved cannot be used, `consent` when its program may not be run; and
 * with the signal's reason.
 */
export async function openConnection(
  resolveNow: () => Promise<ContextResolution>,
  options: ConnectionOptions,
): Promise<ClusterConnection> {
  const { clock, logger, mayRun, userAgent, signal } = options;
  const pacer = connectPacerOf(clock);
  const resolve = async (): Promise<ContextResolution> => {
    const resolution = await resolveNow();
    // All contexts of a file get it at the same moment; what follows is work for each.
    await pacer.turn();
    return resolution;
  };
  const resolution = await untilAborted(resolve(), signal);
  if (!resolution.ok) {
    throw new ProblemError({ code: 'kubeconfig', detail: resolution.detail });
  }
  const { exec, userPath } = resolution.resolved;
  if (exec !== undefined) {
    const question = execPluginQuestion(execLaunch(exec, userPath));
    if (!(await untilAborted(mayRun(question), signal))) {
      throw new ProblemError({ code: 'consent', detail: question.program });
    }
  }
  signal?.throwIfAborted();
  const closed = new AbortController();
  const environment = proxySettingsFromEnvironment(process.env);
  const proxyFor = options.proxyFor ?? ((server: string) => proxyForServer(environment, server));
  const source = new CredentialSource({ resolve, clock, logger, mayRun, proxyFor });
  const agents = new AgentGenerations(proxyFor, pacer);
  const dispose = (): void => {
    signal?.removeEventListener('abort', dispose);
    closed.abort(new KubeTransportError('closed', 'the connection was closed'));
    source.dispose();
    agents.dispose();
  };
  signal?.addEventListener('abort', dispose, { once: true });
  return {
    fetch: createUndiciFetch({
      credentials: () => source.current(),
      agentFor: ({ identity }) => agents.for(identity),
      clock,
      userAgent,
      closed: closed.signal,
    }),
    refreshCredentials: () => source.refresh(),
    identity: async () => (await source.current()).identity,
    dispose,
  };
}
