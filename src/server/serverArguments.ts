import { isIP } from 'node:net';
import { parseArgs } from 'node:util';
import { SERVICE_ACCOUNT_FOLDER } from '../cluster/serviceAccount';
import { StartError } from './startError';

/** Where the clusters come from. */
export type SourcesArgument =
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

export interface ServerArguments {
  readonly sources: SourcesArgument;
  readonly listen: { readonly host: string; readonly port: number };
  readonly tls?: { readonly certFile: string; readonly keyFile: string };
  readonly auth: { readonly type: 'none' } | { readonly type: 'token'; readonly file: string };
  /** As browsers write them. */
  readonly allowedOrigins: readonly string[];
  readonly compatSource?: string;
  readonly logFormat: 'json' | 'pretty';
  readonly maxConnections: number;
  readonly maxConnectionsPerPeer: number;
}

const DEFAULT_LISTEN = '127.0.0.1:8787';
const DEFAULT_CLUSTER_NAME = 'in-cluster';
const DEFAULT_MAX_CONNECTIONS = 10_000;
const DEFAULT_MAX_PER_PEER = 1_000;
const MAX_CONNECTIONS = 1_000_000;

export const USAGE = `Usage: clusterpersona-hub [--demo | --kubeconfig FILE [--context NAME]…] [OPTION]…

Clusters (without --demo and --kubeconfig: the one that this program runs in, as its pod's service account)
  --demo                  serve a made-up fleet
  --kubeconfig FILE       serve clusters of this kubeconfig; programs that it names to sign in are run
  --context NAME          this context of it; may be repeated (default: its current context)
  --cluster-name NAME     what to call the cluster that this program runs in (default: ${DEFAULT_CLUSTER_NAME})
  --service-account DIR   where its service account's token and ca.crt are; read again every minute
                          (default: ${SERVICE_ACCOUNT_FOLDER})
  --compat-source NAME    the cluster that /api/clusters and /ws tell of, by context name or id (default: the only one)

Network
  --listen HOST:PORT      (default: ${DEFAULT_LISTEN})
  --tls-cert FILE         certificate chain; read again when it changes
  --tls-key FILE          its private key; read again when it changes
  --allowed-origin ORIGIN a web page's origin that may connect, e.g. https://portal.example.com; may be repeated
  --max-connections N     in total (default: ${DEFAULT_MAX_CONNECTIONS})
  --max-connections-per-peer N
                          from one address (default: ${DEFAULT_MAX_PER_PEER})

Who may connect
  --auth none|token       none: everybody (default; on loopback addresses only)
                          token: whoever has one of the tokens in --token-file
  --token-file FILE       a token a line; read again when it changes
  --insecure-no-auth-anywhere
                          let --auth none listen on other addresses too: whoever reaches them reads the clusters

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
  'compat-source': { type: 'string' },
  listen: { type: 'string' },
  'tls-cert': { type: 'string' },
  'tls-key': { type: 'string' },
  'allowed-origin': { type: 'string', multiple: true },
  'max-connections': { type: 'string' },
  'max-connections-per-peer': { type: 'string' },
  auth: { type: 'string' },
  'token-file': { type: 'string' },
  'insecure-no-auth-anywhere': { type: 'boolean' },
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
  const tls = tlsOf(values['tls-cert'], values['tls-key']);
  const auth = authOf(values.auth ?? 'none', values['token-file']);
  if (auth.type === 'none' && !isLoopback(listen.host) && values['insecure-no-auth-anywhere'] !== true) {
    throw new StartError(
      `without --auth token everybody who reaches ${listen.host} could read the clusters: use --auth token, listen on 127.0.0.1, or say --insecure-no-auth-anywhere`,
    );
  }
  const compatSource = values['compat-source'];
  return {
    sources: sourcesOf(values),
    listen,
    ...(tls === undefined ? {} : { tls }),
    auth,
    allowedOrigins: (values['allowed-origin'] ?? []).map(originOf),
    ...(compatSource === undefined ? {} : { compatSource }),
    logFormat: oneOf('--log-format', values['log-format'] ?? 'json', ['json', 'pretty']),
    maxConnections: countOf('--max-connections', values['max-connections'], DEFAULT_MAX_CONNECTIONS),
    maxConnectionsPerPeer: countOf(
      '--max-connections-per-peer',
      values['max-connections-per-peer'],
      DEFAULT_MAX_PER_PEER,
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

function sourcesOf(values: ReturnType<typeof parse>): SourcesArgument {
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
    return {
      type: 'inCluster',
      folder: folder ?? SERVICE_ACCOUNT_FOLDER,
      name: name ?? DEFAULT_CLUSTER_NAME,
    };
  }
  return { type: 'kubeconfig', file: kubeconfig, contexts: [...new Set(context)] };
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

function tlsOf(certFile: string | undefined, keyFile: string | undefined): ServerArguments['tls'] {
  if (certFile === undefined && keyFile === undefined) {
    return undefined;
  }
  if (certFile === undefined || keyFile === undefined) {
    throw new StartError('--tls-cert and --tls-key go together');
  }
  return { certFile, keyFile };
}

function authOf(auth: string, file: string | undefined): ServerArguments['auth'] {
  const type = oneOf('--auth', auth, ['none', 'token']);
  if (type === 'none') {
    if (file !== undefined) {
      throw new StartError('--token-file is of no use without --auth token');
    }
    return { type };
  }
  if (file === undefined) {
    throw new StartError('--auth token needs --token-file');
  }
  return { type, file };
}

function originOf(text: string): string {
  const origin = URL.parse(text)?.origin;
  if (origin === undefined || origin === 'null' || origin !== text.toLowerCase().replace(/\/$/, '')) {
    throw new StartError(`--allowed-origin takes an origin, e.g. https://portal.example.com, not "${text}"`);
  }
  return origin;
}

function countOf(option: string, text: string | undefined, otherwise: number): number {
  if (text === undefined) {
    return otherwise;
  }
  if (!/^\d{1,7}$/.test(text) || Number(text) < 1 || Number(text) > MAX_CONNECTIONS) {
    throw new StartError(`${option} takes a whole number from 1 to ${MAX_CONNECTIONS}, not "${text}"`);
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
