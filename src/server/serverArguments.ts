import { isIP } from 'node:net';
import { parseArgs } from 'node:util';
import { SERVICE_ACCOUNT_FOLDER } from '../cluster/serviceAccount';
import { parseHubUrl } from '../remote/hubUrl';
import { isConfidential } from '../transport/web/isConfidential';
import type { TlsFiles } from './listener';
import { StartError } from './startError';

/** Where the clusters come from. */
export type SourcesArgument =
  /** From other hubs alone. */
  | { readonly type: 'none' }
  | { readonly type: 'demo' }
  | {
      readonly type: 'kubeconfig';
      readonly file: string;
      /** The current one where none is named. */
      readonly contexts: readonly string[];
    }
  | {
      /** The cluster that this process runs in. */
      readonly type: 'inCluster';
      readonly folder: string;
      /** What to call it. */
      readonly name: string;
    };

/** Who may connect. */
export type AuthArgument =
  | { readonly type: 'none' }
  | { readonly type: 'token'; readonly file: string }
  /** Whoever a cluster knows, or a certificate names; each cluster says what they may. */
  | ReviewedAuth;

export interface ReviewedAuth {
  readonly type: 'reviewed';
  /** Absent where no tokens are taken. */
  readonly tokens?: { readonly audience: string; readonly takesApiServerTokens: boolean };
  /** Whether client certificates are taken. */
  readonly certificates: boolean;
  /** The cluster that says whose a token is, by context name or id; the first one where none is named. */
  readonly context?: string;
  readonly recheckMs: number;
}

/** Another hub, whose clusters are served too. */
export interface HubArgument {
  /** As `parseHubUrl` has it. */
  readonly url: string;
  readonly label: string;
  /** Holds the token for it. */
  readonly tokenFile?: string;
}

export interface ServerArguments {
  readonly sources: SourcesArgument;
  /** Absent where none is named. */
  readonly hubs?: readonly HubArgument[];
  readonly listen: { readonly host: string; readonly port: number };
  readonly tls?: TlsFiles;
  readonly auth: AuthArgument;
  /** As browsers write them. */
  readonly allowedOrigins: readonly string[];
  readonly compatSource?: string;
  /** Where lines of clusters' logs go that leave memory, and how much of that there may be. Absent: nowhere. */
  readonly logSpill?: { readonly folder: string; readonly maxBytes: number };
  readonly logFormat: 'json' | 'pretty';
  readonly maxConnections: number;
  readonly maxConnectionsPerPeer: number;
  /** Over HTTP, a second. */
  readonly maxRequestsPerPeer: number;
}

const DEFAULT_LISTEN = '127.0.0.1:8787';
const DEFAULT_CLUSTER_NAME = 'in-cluster';
const DEFAULT_MAX_CONNECTIONS = 10_000;
const DEFAULT_MAX_PER_PEER = 1_000;
const DEFAULT_MAX_REQUESTS = 200;
const MAX_COUNT = 1_000_000;
const DEFAULT_AUDIENCE = 'clusterpersona-hub';
const DEFAULT_RECHECK_S = 60;
const MB = 1024 * 1024;
const DEFAULT_LOG_SPILL_MB = 1_024;
const MAX_LOG_SPILL_MB = 1_000_000;

export const USAGE = `Usage: clusterpersona-hub [--demo | --kubeconfig FILE [--context NAME]… | --hub URL…] [OPTION]…

Clusters (without --demo and --kubeconfig: the one that this program runs in, as its pod's service account)
  --demo                  serve a made-up fleet
  --kubeconfig FILE       serve clusters of this kubeconfig; programs that it names to sign in are run
  --context NAME          this context of it; may be repeated (default: its current context)
  --cluster-name NAME     what to call the cluster that this program runs in (default: ${DEFAULT_CLUSTER_NAME})
  --service-account DIR   where its service account's token and ca.crt are; read again every minute
                          (default: ${SERVICE_ACCOUNT_FOLDER})
  --hub URL               serve the clusters of this hub too; may be repeated, and stand beside the others
  --hub-token-file FILE   the token for the hub named before it; read again when it changes
  --compat-source NAME    the cluster that /api/clusters and /ws tell of, by context name or id (default: the only one)

Network
  --listen HOST:PORT      (default: ${DEFAULT_LISTEN})
  --tls-cert FILE         certificate chain; read again when it changes
  --tls-key FILE          its private key; read again when it changes
  --allowed-origin ORIGIN a web page's origin that may connect, e.g. https://portal.example.com; may be repeated
  --max-connections N     in total (default: ${DEFAULT_MAX_CONNECTIONS})
  --max-connections-per-peer N
                          from one address (default: ${DEFAULT_MAX_PER_PEER})
  --max-requests-per-peer N
                          a second over HTTP, from one address (default: ${DEFAULT_MAX_REQUESTS})

Who may connect
  --auth none|token|kubernetes|mtls
                          none: everybody (default; on loopback addresses only)
                          token: whoever has one of the tokens in --token-file
                          kubernetes: whoever has a token that the cluster knows; sees and does what the clusters allow
                          mtls: whoever has a certificate of --tls-client-ca; sees and does what the clusters allow
                          kubernetes and mtls may both be given
  --token-file FILE       a token a line; read again when it changes
  --audience NAME         what tokens of the cluster have to be made for (default: ${DEFAULT_AUDIENCE})
  --allow-api-server-tokens
                          take tokens made for the API server too: whoever controls the hub could use them there
  --auth-context NAME     the cluster that says whose a token is, by context name or id (default: the first one)
  --tls-client-ca FILE    the authorities of client certificates; read again when it changes
  --recheck SECONDS       how often the rights of who is connected are looked at again, 1 to ${DEFAULT_RECHECK_S} (default: ${DEFAULT_RECHECK_S})
  --insecure-no-auth-anywhere
                          let --auth none listen on other addresses too: whoever reaches them reads the clusters

Logs of the clusters
  --log-spill DIR         keep lines that leave memory in a file in this folder while they are followed, readable by
                          nobody else and removed at the end (default: they are let go)
  --log-spill-megabytes N so much of them at most, 1 to ${MAX_LOG_SPILL_MB} (default: ${DEFAULT_LOG_SPILL_MB})

  --log-format json|pretty
                          (default: json)
  --version               print the version
  --help                  print this`;

const OPTIONS = {
  demo: { type: 'boolean' },
  kubeconfig: { type: 'string' },
  context: { type: 'string', multiple: true },
  'cluster-name': { type: 'string' },
  'service-account': { type: 'string' },
  hub: { type: 'string', multiple: true },
  'hub-token-file': { type: 'string', multiple: true },
  'compat-source': { type: 'string' },
  listen: { type: 'string' },
  'tls-cert': { type: 'string' },
  'tls-key': { type: 'string' },
  'allowed-origin': { type: 'string', multiple: true },
  'max-connections': { type: 'string' },
  'max-connections-per-peer': { type: 'string' },
  'max-requests-per-peer': { type: 'string' },
  auth: { type: 'string', multiple: true },
  'token-file': { type: 'string' },
  audience: { type: 'string' },
  'allow-api-server-tokens': { type: 'boolean' },
  'auth-context': { type: 'string' },
  'tls-client-ca': { type: 'string' },
  recheck: { type: 'string' },
  'insecure-no-auth-anywhere': { type: 'boolean' },
  'log-spill': { type: 'string' },
  'log-spill-megabytes': { type: 'string' },
  'log-format': { type: 'string' },
  version: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

/** Throws {@link StartError} for what cannot be understood or should not be done. */
export function parseServerArguments(args: readonly string[]): ServerArguments | 'help' | 'version' {
  const values = parse(args);
  if (values.help === true) {
    return 'help';
  }
  if (values.version === true) {
    return 'version';
  }
  for (const [name, value] of Object.entries(values)) {
    if ([value].flat().includes('')) {
      throw new StartError(`--${name} needs a value`);
    }
  }
  const listen = listenOf(values.listen ?? DEFAULT_LISTEN);
  const auth = authOf(values);
  const tls = tlsOf(values, auth);
  if (auth.type === 'none' && !isLoopback(listen.host) && values['insecure-no-auth-anywhere'] !== true) {
    throw new StartError(
      `without --auth everybody who reaches ${listen.host} could read the clusters: use --auth token, kubernetes or mtls, listen on 127.0.0.1, or say --insecure-no-auth-anywhere`,
    );
  }
  const compatSource = values['compat-source'];
  const hubs = hubsOf(args);
  const logSpill = logSpillOf(values);
  return {
    sources: sourcesOf(values),
    ...(hubs.length === 0 ? {} : { hubs }),
    listen,
    ...(tls === undefined ? {} : { tls }),
    auth,
    allowedOrigins: (values['allowed-origin'] ?? []).map(originOf),
    ...(compatSource === undefined ? {} : { compatSource }),
    ...(logSpill === undefined ? {} : { logSpill }),
    logFormat: oneOf('--log-format', values['log-format'] ?? 'json', ['json', 'pretty']),
    maxConnections: countOf('--max-connections', values['max-connections'], DEFAULT_MAX_CONNECTIONS),
    maxConnectionsPerPeer: countOf(
      '--max-connections-per-peer',
      values['max-connections-per-peer'],
      DEFAULT_MAX_PER_PEER,
    ),
    maxRequestsPerPeer: countOf(
      '--max-requests-per-peer',
      values['max-requests-per-peer'],
      DEFAULT_MAX_REQUESTS,
    ),
  };
}

/** Whether only this machine can reach an address or name. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS }).values;
  } catch (error) {
    throw new StartError(error instanceof Error ? error.message : String(error));
  }
}

type Values = ReturnType<typeof parse>;

function sourcesOf(values: Values): SourcesArgument {
  const { demo = false, kubeconfig, context = [] } = values;
  const { 'cluster-name': name, 'service-account': folder } = values;
  if (demo && (kubeconfig !== undefined || context.length > 0)) {
    throw new StartError('--demo serves a made-up fleet alone: leave out --kubeconfig and --context');
  }
  if ((demo || kubeconfig !== undefined) && (name !== undefined || folder !== undefined)) {
    throw new StartError(
      '--cluster-name and --service-account are of the cluster that this program runs in: leave out --demo and --kubeconfig',
    );
  }
  if (demo) {
    return { type: 'demo' };
  }
  if (kubeconfig === undefined) {
    if (context.length > 0) {
      throw new StartError('--context needs --kubeconfig');
    }
    if (values.hub !== undefined && name === undefined && folder === undefined) {
      return { type: 'none' };
    }
    return {
      type: 'inCluster',
      folder: folder ?? SERVICE_ACCOUNT_FOLDER,
      name: name ?? DEFAULT_CLUSTER_NAME,
    };
  }
  return { type: 'kubeconfig', file: kubeconfig, contexts: [...new Set(context)] };
}

/** In the order of the command line: a token file is for the hub before it. */
function hubsOf(args: readonly string[]): HubArgument[] {
  const hubs: HubArgument[] = [];
  for (const token of parseArgs({ args: [...args], options: OPTIONS, tokens: true }).tokens) {
    if (token.kind !== 'option' || token.value === undefined) {
      continue;
    }
    if (token.name === 'hub') {
      const parsed = parseHubUrl(token.value);
      if (!parsed.ok) {
        throw new StartError(
          parsed.wrong === 'malformed'
            ? `--hub takes the address of a hub, e.g. https://hub.example.com, not "${token.value}"`
            : '--hub takes an address without credentials: name a token by --hub-token-file',
        );
      }
      if (hubs.some(({ url }) => url === parsed.url)) {
        throw new StartError(`--hub ${parsed.url} is named twice`);
      }
      hubs.push({ url: parsed.url, label: parsed.label });
    } else if (token.name === 'hub-token-file') {
      const hub = hubs.pop();
      if (hub === undefined || hub.tokenFile !== undefined) {
        throw new StartError('--hub-token-file stands behind the --hub that it is for');
      }
      if (!isConfidential(hub.url)) {
        throw new StartError(`a token for ${hub.url} would travel in the clear: use https`);
      }
      hubs.push({ ...hub, tokenFile: token.value });
    }
  }
  return hubs;
}

function logSpillOf(values: Values): ServerArguments['logSpill'] {
  const { 'log-spill': folder, 'log-spill-megabytes': megabytes } = values;
  if (folder === undefined) {
    if (megabytes !== undefined) {
      throw new StartError('--log-spill-megabytes is of no use without --log-spill');
    }
    return undefined;
  }
  const most = countOf('--log-spill-megabytes', megabytes, DEFAULT_LOG_SPILL_MB, MAX_LOG_SPILL_MB);
  return { folder, maxBytes: most * MB };
}

function listenOf(text: string): ServerArguments['listen'] {
  const match = /^(?:\[([^\]]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(text);
  const [, address, name, port] = match ?? [];
  const host = address ?? name;
  if (host === undefined || Number(port) > 65_535 || (address !== undefined && isIP(address) !== 6)) {
    throw new StartError(`--listen takes HOST:PORT, e.g. ${DEFAULT_LISTEN} or [::1]:8787, not "${text}"`);
  }
  return { host, port: Number(port) };
}

function tlsOf(values: Values, auth: AuthArgument): TlsFiles | undefined {
  const { 'tls-cert': certFile, 'tls-key': keyFile, 'tls-client-ca': clientCaFile } = values;
  const needsClientCa = auth.type === 'reviewed' && auth.certificates;
  if (needsClientCa !== (clientCaFile !== undefined)) {
    throw new StartError(
      needsClientCa
        ? '--auth mtls needs --tls-client-ca'
        : '--tls-client-ca is of no use without --auth mtls',
    );
  }
  if (certFile === undefined && keyFile === undefined) {
    if (needsClientCa) {
      throw new StartError('--auth mtls needs --tls-cert and --tls-key');
    }
    return undefined;
  }
  if (certFile === undefined || keyFile === undefined) {
    throw new StartError('--tls-cert and --tls-key go together');
  }
  return { certFile, keyFile, ...(clientCaFile === undefined ? {} : { clientCaFile }) };
}

function authOf(values: Values): AuthArgument {
  const types = new Set(
    (values.auth ?? ['none']).map((text) => oneOf('--auth', text, ['none', 'token', 'kubernetes', 'mtls'])),
  );
  const isReviewed = types.has('kubernetes') || types.has('mtls');
  for (const [option, isOfUse, needed] of [
    ['token-file', types.has('token'), 'token'],
    ['audience', types.has('kubernetes'), 'kubernetes'],
    ['allow-api-server-tokens', types.has('kubernetes'), 'kubernetes'],
    ['auth-context', isReviewed, 'kubernetes or mtls'],
    ['recheck', isReviewed, 'kubernetes or mtls'],
  ] as const) {
    if (values[option] !== undefined && !isOfUse) {
      throw new StartError(`--${option} is of no use without --auth ${needed}`);
    }
  }
  if (isReviewed && (types.has('none') || types.has('token'))) {
    throw new StartError('of --auth only kubernetes and mtls go together');
  }
  if (isReviewed && values.demo === true) {
    throw new StartError('the demo cluster knows nobody: it is served with --auth none or token');
  }
  if (isReviewed) {
    const { audience = DEFAULT_AUDIENCE, 'auth-context': context } = values;
    const takesApiServerTokens = values['allow-api-server-tokens'] === true;
    return {
      type: 'reviewed',
      ...(types.has('kubernetes') ? { tokens: { audience, takesApiServerTokens } } : {}),
      certificates: types.has('mtls'),
      ...(context === undefined ? {} : { context }),
      recheckMs: 1_000 * countOf('--recheck', values.recheck, DEFAULT_RECHECK_S, DEFAULT_RECHECK_S),
    };
  }
  const { 'token-file': file } = values;
  if (!types.has('token')) {
    return { type: 'none' };
  }
  if (types.size > 1) {
    throw new StartError('--auth is none or token, not both');
  }
  if (file === undefined) {
    throw new StartError('--auth token needs --token-file');
  }
  return { type: 'token', file };
}

function originOf(text: string): string {
  const origin = URL.parse(text)?.origin;
  if (origin === undefined || origin === 'null' || origin !== text.toLowerCase().replace(/\/$/, '')) {
    throw new StartError(`--allowed-origin takes an origin, e.g. https://portal.example.com, not "${text}"`);
  }
  return origin;
}

function countOf(
  option: string,
  text: string | undefined,
  otherwise: number,
  most: number = MAX_COUNT,
): number {
  if (text === undefined) {
    return otherwise;
  }
  if (!/^\d{1,7}$/.test(text) || Number(text) < 1 || Number(text) > most) {
    throw new StartError(`${option} takes a whole number from 1 to ${most}, not "${text}"`);
  }
  return Number(text);
}

function oneOf<const T extends string>(option: string, text: string, choices: readonly T[]): T {
  const choice = choices.find((candidate) => candidate === text);
  if (choice === undefined) {
    throw new StartError(`${option} is one of ${choices.join(', ')}, not "${text}"`);
  }
  return choice;
}
