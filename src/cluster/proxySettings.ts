import { BlockList, isIP } from 'node:net';

/** Which proxy is between here and a server, as an environment or an editor's settings say it. */
export interface ProxySettings {
  /** For https servers. */
  readonly https?: string;
  /** For http servers. */
  readonly http?: string;
  /**
   * Servers that are reached directly: `*`, a host name (it and everything below it), `.name` or `*.name` (only what is
   * below), an IP address or CIDR range; each but the range may end in `:port`.
   */
  readonly noProxy: readonly string[];
}

/** $HTTPS_PROXY, $HTTP_PROXY and $NO_PROXY in either case, which kubectl honours as every Go program does. */
export function proxySettingsFromEnvironment(
  env: Readonly<Record<string, string | undefined>>,
): ProxySettings {
  const https = env.HTTPS_PROXY || env.https_proxy;
  const http = env.HTTP_PROXY || env.http_proxy;
  return {
    ...(https ? { https } : {}),
    ...(http ? { http } : {}),
    noProxy: (env.NO_PROXY || env.no_proxy || '').split(','),
  };
}

/**
 * The proxy's URL for a server's address, `undefined` for none. This machine itself is always reached directly. A proxy
 * without a scheme is an http one; a scheme other than http, https and socks5 is not understood and leaves none.
 */
export function proxyForServer(settings: ProxySettings, server: string): string | undefined {
  const { protocol, hostname, port } = new URL(server);
  const proxy = protocol === 'https:' ? settings.https : settings.http;
  const host = hostname.replace(/^\[|\]$/g, '').toLowerCase();
  const effectivePort = port !== '' ? port : protocol === 'https:' ? '443' : '80';
  if (proxy === undefined || proxy === '' || isLoopback(host)) {
    return undefined;
  }
  if (settings.noProxy.some((entry) => matches(entry.trim().toLowerCase(), host, effectivePort))) {
    return undefined;
  }
  const url = proxy.includes('://') ? proxy : `http://${proxy}`;
  return /^(?:https?|socks5h?):/i.test(url) && URL.canParse(url) ? url : undefined;
}

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

function isLoopback(host: string): boolean {
  const family = isIP(host);
  return host === 'localhost' || (family !== 0 && loopback.check(host, family === 4 ? 'ipv4' : 'ipv6'));
}

function matches(entry: string, host: string, port: string): boolean {
  if (entry === '') {
    return false;
  }
  if (entry === '*') {
    return true;
  }
  if (entry.includes('/')) {
    return isInRange(entry, host);
  }
  const [, name = entry, entryPort] = /^(\[[^\]]*\]|[^:]*):(\d+)$/.exec(entry) ?? [];
  if (entryPort !== undefined && entryPort !== port) {
    return false;
  }
  const plain = name.replace(/^\[|\]$/g, '');
  if (isIP(plain) !== 0 || isIP(host) !== 0) {
    return plain === host;
  }
  const suffix = plain.replace(/^\*?\./, '.');
  return suffix.startsWith('.') ? host.endsWith(suffix) : host === suffix || host.endsWith(`.${suffix}`);
}

function isInRange(range: string, host: string): boolean {
  const [network = '', bits = ''] = range.split('/');
  const family = isIP(network);
  if (
    family === 0 ||
    isIP(host) !== family ||
    !/^\d{1,3}$/.test(bits) ||
    Number(bits) > (family === 4 ? 32 : 128)
  ) {
    return false;
  }
  const type = family === 4 ? 'ipv4' : 'ipv6';
  const list = new BlockList();
  list.addSubnet(network, Number(bits), type);
  return list.check(host, type);
}
