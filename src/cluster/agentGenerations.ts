import type { Disposable } from '../base/disposable';
import { KubeTransportError } from '../base/kubeFetch';
import { createClusterAgent, type ClusterAgent } from './clusterAgent';
import type { ConnectPacer } from './connectPacer';
import { identityKey, type ConnectionIdentity } from './credentials';

/** The agent of one identity and whether a proxy stands between. */
export interface AgentGeneration {
  readonly agent: ClusterAgent;
  readonly isProxied: boolean;
}

/**
 * One kept-alive agent per generation of TLS material: a rotated certificate, another authority, server or proxy makes a
 * new one. A new token does not: it travels with each request. What still runs on the old agent, such as a watch, ends in
 * its own time; then the old agent is gone.
 */
export class AgentGenerations implements Disposable {
  readonly #proxyFor: (server: string) => string | undefined;
  readonly #pacer: ConnectPacer;
  readonly #closing = new Set<ClusterAgent>();
  #current: (AgentGeneration & { readonly key: string }) | undefined;
  #isDisposed = false;

  /** `proxyFor` is asked where the kubeconfig itself names no proxy. */
  constructor(proxyFor: (server: string) => string | undefined, pacer: ConnectPacer) {
    this.#proxyFor = proxyFor;
    this.#pacer = pacer;
  }

  /** Throws {@link KubeTransportError} `closed` after `dispose`. */
  for(identity: ConnectionIdentity): AgentGeneration {
    if (this.#isDisposed) {
      throw closed();
    }
    const proxyUrl = identity.proxyUrl ?? this.#proxyFor(identity.server);
    const key = `${identityKey(identity)} ${proxyUrl ?? ''}`;
    if (this.#current?.key !== key) {
      this.#retire();
      this.#current = {
        key,
        agent: createClusterAgent(identity, proxyUrl, this.#pacer),
        isProxied: proxyUrl !== undefined,
      };
    }
    return this.#current;
  }

  /** Ends everything at once: what is under way rejects with {@link KubeTransportError} `closed`. */
  dispose(): void {
    this.#isDisposed = true;
    for (const agent of [...this.#closing, ...(this.#current === undefined ? [] : [this.#current.agent])]) {
      agent.destroy(closed()).catch(() => undefined);
    }
    this.#closing.clear();
    this.#current = undefined;
  }

  #retire(): void {
    const old = this.#current?.agent;
    if (old === undefined) {
      return;
    }
    this.#closing.add(old);
    old
      .close()
      .catch(() => undefined)
      .finally(() => this.#closing.delete(old));
  }
}

function closed(): KubeTransportError {
  return new KubeTransportError('closed', 'the connection was closed');
}
