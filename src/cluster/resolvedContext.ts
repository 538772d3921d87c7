import type { NamedExecEntry } from './execPlugin';
import {
  anonymousUser,
  decodeCluster,
  decodeContext,
  decodeUser,
  type ClusterEntry,
  type ContextEntry,
  type UserEntry,
} from './kubeconfigEntries';
import type { Kubeconfig } from './kubeconfigFile';

/** A context with the cluster and user it names, checked as far as that goes without opening further files. */
export interface ResolvedContext {
  readonly name: string;
  readonly clusterName: string;
  readonly cluster: ClusterEntry;
  /** The file whose folder the cluster's relative paths start from. */
  readonly clusterPath: string;
  /** Without a trailing slash; the API's paths are appended to its own path. */
  readonly server: string;
  readonly proxyUrl?: string;
  readonly user: UserEntry;
  readonly userPath: string;
  /** The program that makes the credentials, where nothing else does. */
  readonly exec?: NamedExecEntry;
}

export type ContextResolution =
  { readonly ok: true; readonly resolved: ResolvedContext } | { readonly ok: false; readonly detail: string };

/** kubectl's own set; anything else would be connected to without the proxy that was asked for. */
const PROXY_PROTOCOLS: ReadonlySet<string> = new Set(['http:', 'https:', 'socks5:', 'socks5h:']);

/**
 * Looks a context up in a (merged) kubeconfig. Fails, with one line that names entries but quotes no credentials, where
 * acting on the entry would mean to guess, or to act as someone else than it says.
 */
export function resolveContext(kubeconfig: Kubeconfig, name: string): ContextResolution {
  const contextEntry = kubeconfig.contexts.get(name);
  if (contextEntry === undefined) {
    return { ok: false, detail: `there is no context "${name}"` };
  }
  const context = decodeContext(contextEntry);
  if (!context.ok) {
    return context;
  }
  const cluster = findCluster(kubeconfig, context.value);
  if (!cluster.ok) {
    return cluster;
  }
  const user = findUser(kubeconfig, context.value, contextEntry.path);
  if (!user.ok) {
    return user;
  }
  const userDetail = userProblem(user.entry);
  if (userDetail !== undefined) {
    return { ok: false, detail: userDetail };
  }
  const exec = execOf(user.entry);
  return {
    ok: true,
    resolved: {
      name,
      clusterName: cluster.name,
      cluster: cluster.entry,
      clusterPath: cluster.path,
      server: cluster.server,
      ...(cluster.entry['proxy-url'] === undefined ? {} : { proxyUrl: cluster.entry['proxy-url'] }),
      user: user.entry,
      userPath: user.path,
      ...(exec === undefined ? {} : { exec }),
    },
  };
}

type FoundCluster =
  | {
      readonly ok: true;
      readonly name: string;
      readonly entry: ClusterEntry;
      readonly path: string;
      readonly server: string;
    }
  | { readonly ok: false; readonly detail: string };

function findCluster(kubeconfig: Kubeconfig, context: ContextEntry): FoundCluster {
  const name = context.cluster;
  if (name === undefined) {
    return { ok: false, detail: 'the context names no cluster' };
  }
  const found = kubeconfig.clusters.get(name);
  if (found === undefined) {
    return { ok: false, detail: `the context's cluster "${name}" is not defined` };
  }
  const cluster = decodeCluster(found);
  if (!cluster.ok) {
    return cluster;
  }
  const server = urlWith(cluster.value.server, ['http:', 'https:']);
  if (server === undefined) {
    return { ok: false, detail: `cluster "${name}" has no http(s) server address` };
  }
  const proxyUrl = cluster.value['proxy-url'];
  if (proxyUrl !== undefined && urlWith(proxyUrl, PROXY_PROTOCOLS) === undefined) {
    return { ok: false, detail: `cluster "${name}" has a proxy-url that is not http, https or socks5` };
  }
  return {
    ok: true,
    name,
    entry: cluster.value,
    path: found.path,
    server: `${server.origin}${server.pathname.replace(/\/+$/, '')}`,
  };
}

function urlWith(address: string | undefined, protocols: Iterable<string>): URL | undefined {
  if (address === undefined || !URL.canParse(address)) {
    return undefined;
  }
  const url = new URL(address);
  return [...protocols].includes(url.protocol) && url.hostname !== '' ? url : undefined;
}

type FoundUser =
  | { readonly ok: true; readonly entry: UserEntry; readonly path: string }
  | { readonly ok: false; readonly detail: string };

function findUser(kubeconfig: Kubeconfig, context: ContextEntry, contextPath: string): FoundUser {
  if (context.user === undefined) {
    return { ok: true, entry: anonymousUser(), path: contextPath };
  }
  const found = kubeconfig.users.get(context.user);
  if (found === undefined) {
    return { ok: false, detail: `the context's user "${context.user}" is not defined` };
  }
  const user = decodeUser(found);
  return user.ok ? { ok: true, entry: user.value, path: found.path } : user;
}

/** Ready credentials win over a program that would make some, as with kubectl. */
function execOf(user: UserEntry): NamedExecEntry | undefined {
  const { exec } = user;
  if (exec === undefined || exec === null || exec.command === undefined) {
    return undefined;
  }
  const isReady = user.token !== undefined || user.tokenFile !== undefined || user.username !== undefined;
  return isReady ? undefined : { ...exec, command: exec.command };
}

function userProblem(user: UserEntry): string | undefined {
  const exec = user.exec ?? undefined;
  const provider = user['auth-provider'] ?? undefined;
  if (exec !== undefined && provider !== undefined) {
    return 'the user has both exec and auth-provider';
  }
  if (exec !== undefined && exec.command === undefined) {
    return "the user's exec names no command";
  }
  if (exec?.interactiveMode === 'Always') {
    return "the user's exec command insists on a terminal (interactiveMode: Always)";
  }
  if (provider !== undefined && !['oidc', 'azure', 'gcp'].includes(provider.name ?? '')) {
    return `the user's auth-provider "${provider.name ?? ''}" is not supported`;
  }
  const impersonatesMore =
    user['as-groups'].length > 0 ||
    user['as-uid'] !== undefined ||
    Object.keys(user['as-user-extra']).length > 0;
  if (impersonatesMore && user.as === undefined) {
    return 'the user impersonates groups, a uid or extra fields without naming whom (as)';
  }
  return undefined;
}
