import { X509Certificate } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { isIP, type Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Clock } from '../base/clock';
import type { Disposable } from '../base/disposable';
import { KubeTransportError, type KubeFetch } from '../base/kubeFetch';
import type { Concern, Finding, PrivateName } from '../doctor/diagnosis';
import type { Check } from '../doctor/examine';
import { ProblemError } from '../protocol/problem';
import { problemFromError } from '../protocol/problemFromError';
import { certificateFacts, type CertificateFacts } from './certificateFacts';
import { ClusterRoute } from './clusterRoute';
import { readCredentialFiles, type ConnectionIdentity } from './credentials';
import { programName } from './execPlugin';
import { anonymousUser, type UserEntry } from './kubeconfigEntries';
import type { KubeconfigContext } from './kubeconfigContexts';
import type { ClusterConnection } from './clusterConnection';
import type { ResolvedContext } from './resolvedContext';
import { resolveFromFiles } from './resolveFromFiles';
import { tlsOptions } from './tlsOptions';
import { errorCode, toTransportError } from '../base/transportErrors';
import { untilAborted } from './untilAborted';

export interface ConnectionChecksOptions {
  readonly context: KubeconfigContext;
  readonly clock: Clock;
  /** The connection in use, or a new one by the same rules as when connecting, which the signal ends. */
  readonly open: (signal: AbortSignal) => Promise<ClusterConnection>;
  /** The proxy for a server's address; asked where the kubeconfig names none. */
  readonly proxyFor: (server: string) => string | undefined;
}

/** How far the checks have come. */
interface Way {
  readonly route: ClusterRoute;
  /** Of the check before, for the next one. */
  socket: Socket | undefined;
}

/** A program that signs in may wait for its user: as long as a run of it may take, and a little more. */
const CREDENTIALS_LIMIT_MS = 190_000;
/** Certificates that renew themselves do so well before. */
const WORTH_A_WARNING_DAYS = 14;

/**
 * The checks of the way to a cluster, in their order: each goes one step further than the one before it. `dispose` closes
 * what they opened.
 */
export class ConnectionChecks implements Disposable {
  readonly checks: readonly Check[];
  readonly #options: ConnectionChecksOptions;
  readonly #closing = new AbortController();
  #resolved: ResolvedContext | undefined;
  #connection: ClusterConnection | undefined;
  #identity: ConnectionIdentity | undefined;
  #way: Way | undefined;

  constructor(options: ConnectionChecksOptions) {
    this.#options = options;
    const onTheWay = (): 'proxy' | 'unreachable' =>
      this.#way?.route.isProxied === true ? 'proxy' : 'unreachable';
    this.checks = [
      { id: 'kubeconfig', needs: [], run: () => this.#checkKubeconfig() },
      {
        id: 'credentials',
        needs: ['kubeconfig'],
        limitMs: CREDENTIALS_LIMIT_MS,
        lateCode: () => 'credentials',
        run: (signal) => this.#checkCredentials(signal),
      },
      { id: 'dns', needs: ['kubeconfig'], lateCode: () => 'dns', run: (signal) => this.#checkDns(signal) },
      { id: 'tcp', needs: ['dns'], lateCode: onTheWay, run: () => this.#checkTcp() },
      { id: 'proxy', needs: ['tcp'], lateCode: onTheWay, run: () => this.#checkProxy() },
      { id: 'tls', needs: ['tcp', 'proxy'], lateCode: onTheWay, run: (signal) => this.#checkTls(signal) },
    ];
  }

  /** Over the connection that the check of the credentials opened. */
  readonly fetch: KubeFetch = (path, request) => this.#opened().fetch(path, request);

  refreshCredentials(): Promise<void> {
    return this.#opened().refreshCredentials();
  }

  dispose(): void {
    this.#closing.abort(new KubeTransportError('closed', 'the diagnosis has ended'));
    this.#way?.socket?.destroy();
    this.#way = undefined;
  }

  #opened(): ClusterConnection {
    if (this.#connection === undefined) {
      throw new KubeTransportError('closed', 'there is no connection');
    }
    return this.#connection;
  }

  async #checkKubeconfig(): Promise<Finding> {
    const { context, proxyFor } = this.#options;
    const names: PrivateName[] = [context.path, ...(context.mergedPaths ?? [])].map((text) => ({
      kind: 'path',
      text,
    }));
    names.push({ kind: 'name', text: context.context }, { kind: 'name', text: context.cluster });
    if (context.namespace !== undefined) {
      names.push({ kind: 'namespace', text: context.namespace });
    }
    const resolution = await resolveFromFiles(context);
    if (!resolution.ok) {
      const problem = { code: 'kubeconfig', detail: resolution.detail } as const;
      return { outcome: 'failed', problem, details: [], names };
    }
    const { resolved } = resolution;
    const proxyUrl = resolved.proxyUrl ?? proxyFor(resolved.server);
    const route = new ClusterRoute(resolved.server, proxyUrl);
    this.#resolved = resolved;
    this.#way = { route, socket: undefined };
    names.push(hostName(route.server.host), hostName(route.firstHop.host));
    return {
      outcome: 'passed',
      details: [
        `Context ${context.context} of ${context.path}`,
        `Server ${resolved.server}`,
        ...(route.isProxied ? [`By the proxy ${route.firstHop.host}:${route.firstHop.port}`] : []),
      ],
      names,
    };
  }

  async #checkCredentials(signal: AbortSignal): Promise<Finding> {
    const { clock, open } = this.#options;
    // Not by the signal of this check: a new connection lives on for those that follow.
    this.#connection = await untilAborted(open(this.#closing.signal), signal);
    const identity = await untilAborted(this.#connection.identity(), signal);
    this.#identity = identity;
    const details = [credentialsText(this.#resolved?.user)];
    if (identity.cert === undefined) {
      return { outcome: 'passed', details };
    }
    const facts = certificateFacts(new X509Certificate(identity.cert), clock.now());
    details.push(...facts.details);
    const { names, daysLeft } = facts;
    if (daysLeft >= WORTH_A_WARNING_DAYS) {
      return { outcome: 'passed', details, names };
    }
    const concern: Concern =
      daysLeft < 0
        ? { type: 'clientCertificateExpired' }
        : { type: 'clientCertificateExpiresSoon', daysLeft };
    return { outcome: 'warning', concern, details, names };
  }

  async #checkDns(signal: AbortSignal): Promise<Finding> {
    const { route } = this.#going();
    const { host } = route.firstHop;
    if (isIP(host) !== 0) {
      return { outcome: 'skipped', reason: { type: 'addressGiven' }, details: [] };
    }
    const names = [hostName(host)];
    try {
      const addresses = await untilAborted(lookup(host, { all: true }), signal);
      return {
        outcome: 'passed',
        details: [`${host} is ${addresses.map(({ address }) => address).join(', ')}`],
        names: [...names, ...addresses.map(({ address }) => addressName(address))],
      };
    } catch (error) {
      signal.throwIfAborted();
      return { ...this.#failure(error), names };
    }
  }

  async #checkTcp(): Promise<Finding> {
    const way = this.#going();
    try {
      const socket = await way.route.connect(this.#closing.signal);
      this.#keep(way, socket);
      const { remoteAddress = '', remotePort } = socket;
      return {
        outcome: 'passed',
        details: [`Connected to ${remoteAddress} port ${remotePort}`],
        names: [addressName(remoteAddress)],
      };
    } catch (error) {
      return this.#failure(error);
    }
  }

  async #checkProxy(): Promise<Finding> {
    const way = this.#going();
    if (!way.route.isProxied) {
      return { outcome: 'skipped', reason: { type: 'noProxy' }, details: [] };
    }
    try {
      const { socket, said } = await way.route.tunnel(takeSocket(way), this.#closing.signal);
      this.#keep(way, socket);
      return { outcome: 'passed', details: [said] };
    } catch (error) {
      return this.#failure(error);
    }
  }

  async #checkTls(signal: AbortSignal): Promise<Finding> {
    const way = this.#going();
    if (way.route.isPlainHttp) {
      return { outcome: 'skipped', reason: { type: 'plainHttp' }, details: [] };
    }
    const identity = this.#identity ?? (await this.#identityOfFiles());
    let socket: TLSSocket;
    try {
      socket = await way.route.handshake(takeSocket(way), tlsOptions(identity), this.#closing.signal);
    } catch (error) {
      return this.#explainTls(error, identity, signal);
    }
    this.#keep(way, socket);
    const facts = this.#factsOf(socket);
    const details = [`${socket.getProtocol() ?? 'TLS'}, ${socket.getCipher().name}`, ...facts.details];
    const { names, daysLeft } = facts;
    if (identity.skipTlsVerify) {
      return { outcome: 'warning', concern: { type: 'certificateNotVerified' }, details, names };
    }
    return daysLeft < WORTH_A_WARNING_DAYS
      ? { outcome: 'warning', concern: { type: 'certificateExpiresSoon', daysLeft }, details, names }
      : { outcome: 'passed', details, names };
  }

  /**
   * Connects once more to look at the certificate that was refused. Nothing is sent over that connection, and the client's
   * own certificate is not shown to whoever is there.
   */
  async #explainTls(error: unknown, identity: ConnectionIdentity, signal: AbortSignal): Promise<Finding> {
    const failure = this.#failure(error);
    const concern = certificateConcern(errorCode(error));
    if (concern === undefined) {
      return failure;
    }
    const { cert: _cert, key: _key, ...unnamed } = identity;
    try {
      const way = this.#going();
      const first = await way.route.connect(signal);
      const { socket } = await way.route.tunnel(first, signal);
      const shown = await way.route.handshake(
        socket,
        { ...tlsOptions(unnamed), rejectUnauthorized: false },
        signal,
      );
      const { details, names } = this.#factsOf(shown);
      shown.destroy();
      return { ...failure, concern, details, names };
    } catch {
      // The failure itself is told; this would only have explained it.
      return { ...failure, concern };
    }
  }

  #factsOf(socket: TLSSocket): CertificateFacts {
    const certificate = socket.getPeerX509Certificate();
    return certificate === undefined
      ? { details: [], names: [], daysLeft: Number.POSITIVE_INFINITY }
      : certificateFacts(certificate, this.#options.clock.now());
  }

  /** What the connection would be but for the user's part, where that could not be made. */
  async #identityOfFiles(): Promise<ConnectionIdentity> {
    const resolved = this.#resolved;
    if (resolved === undefined) {
      throw new ProblemError({ code: 'internal', detail: 'the kubeconfig was not read' });
    }
    const { ca } = await readCredentialFiles({ ...resolved, user: anonymousUser() });
    const tlsServerName = resolved.cluster['tls-server-name'];
    return {
      server: resolved.server,
      ...(ca === undefined ? {} : { ca }),
      ...(tlsServerName === undefined ? {} : { tlsServerName }),
      skipTlsVerify: resolved.cluster['insecure-skip-tls-verify'] === true,
    };
  }

  #going(): Way {
    if (this.#way === undefined) {
      throw new ProblemError({ code: 'closed', detail: 'the diagnosis has ended' });
    }
    return this.#way;
  }

  #keep(way: Way, socket: Socket): void {
    if (this.#closing.signal.aborted) {
      socket.destroy();
    } else {
      way.socket = socket;
    }
  }

  #failure(error: unknown): Extract<Finding, { outcome: 'failed' }> {
    const isProxied = this.#way?.route.isProxied === true;
    const failed = toTransportError(error, { hadAnswer: false, isProxied });
    return { outcome: 'failed', problem: problemFromError(failed), details: [] };
  }
}

/** Whoever goes on from a socket owns it. */
function takeSocket(way: Way): Socket {
  const { socket } = way;
  if (socket === undefined) {
    throw new ProblemError({ code: 'closed', detail: 'the connection has ended' });
  }
  way.socket = undefined;
  return socket;
}

/** Where the credentials come from: never what they are, nor as if they followed a colon, where reports take secrets out. */
function credentialsText(user: UserEntry | undefined): string {
  if (user?.exec?.command !== undefined) {
    return `Credentials from the program ${programName(user.exec.command)}`;
  }
  const provider = user?.['auth-provider']?.name;
  const hasCertificate =
    user?.['client-certificate'] !== undefined || user?.['client-certificate-data'] !== undefined;
  const kinds = [
    ...(user?.token !== undefined || user?.tokenFile !== undefined ? ['a token'] : []),
    ...(user?.username === undefined ? [] : ['a password']),
    ...(provider === undefined ? [] : [`the auth-provider ${provider}`]),
    ...(hasCertificate ? ['a client certificate'] : []),
  ];
  return kinds.length === 0 ? 'No credentials' : `Signs in with ${kinds.join(' and ')}`;
}

function certificateConcern(code: string | undefined): Concern | undefined {
  switch (code) {
    case 'CERT_HAS_EXPIRED':
      return { type: 'certificateExpired' };
    case 'CERT_NOT_YET_VALID':
      return { type: 'certificateNotYetValid' };
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return { type: 'certificateForOtherName' };
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'CERT_SIGNATURE_FAILURE':
      return { type: 'authorityUnknown' };
    default:
      return undefined;
  }
}

function hostName(text: string): PrivateName {
  return { kind: isIP(text) === 0 ? 'host' : 'address', text };
}

function addressName(text: string): PrivateName {
  return { kind: 'address', text };
}
