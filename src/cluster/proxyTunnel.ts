import type { Duplex } from 'node:stream';
import { KubeTransportError } from '../base/kubeFetch';

/** A proxy's answer to CONNECT is a few hundred bytes of headers. */
const MAX_ANSWER_BYTES = 16 * 1024;
/** Replies of RFC 1928, section 6. */
const SOCKS_REPLIES = [
  'granted',
  'general failure',
  'not allowed by its rules',
  'network unreachable',
  'host unreachable',
  'connection refused',
  'time to live expired',
  'command not supported',
  'address type not supported',
];

export interface TunnelTarget {
  readonly host: string;
  readonly port: number;
}

/**
 * Asks the proxy at the other end of `socket` for a tunnel: by CONNECT (RFC 9110, section 9.3.6), or for a socks URL as
 * RFC 1928 and 1929 say, the proxy resolving the name in any case. Resolves with what the proxy said, one line, once the
 * socket leads to the target. Rejects with {@link KubeTransportError} `proxy`. It ends with the socket.
 */
export function openTunnel(socket: Duplex, proxy: URL, target: TunnelTarget): Promise<string> {
  return /^socks/i.test(proxy.protocol) ? bySocks(socket, proxy, target) : byConnect(socket, proxy, target);
}

async function byConnect(socket: Duplex, proxy: URL, { host, port }: TunnelTarget): Promise<string> {
  const authority = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  const { username, password } = loginOf(proxy);
  const login =
    username === ''
      ? ''
      : `Proxy-Authorization: Basic ${Buffer.from(`${username}:${password}`, 'utf8').toString('base64')}\r\n`;
  socket.write(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n${login}\r\n`);
  let head = '';
  while (!head.includes('\r\n\r\n')) {
    head += (await read(socket, 1)).toString('latin1');
    if (head.length > MAX_ANSWER_BYTES) {
      throw refused('its answer to CONNECT does not end');
    }
  }
  const status = /^HTTP\/1\.[01] (\d{3})/.exec(head)?.[1];
  if (status === undefined) {
    throw refused('its answer to CONNECT is not HTTP');
  }
  if (!status.startsWith('2')) {
    throw refused(`it answered CONNECT with HTTP ${status}`);
  }
  return `CONNECT answered with HTTP ${status}`;
}

async function bySocks(socket: Duplex, proxy: URL, { host, port }: TunnelTarget): Promise<string> {
  const { username, password } = loginOf(proxy);
  const [none, byPassword] = [0, 2];
  socket.write(Buffer.from(username === '' ? [5, 1, none] : [5, 2, none, byPassword]));
  const [version, method] = await read(socket, 2);
  if (version !== 5) {
    throw refused('it does not speak SOCKS 5');
  }
  if (method === byPassword && username !== '') {
    const [name, secret] = [Buffer.from(username, 'utf8'), Buffer.from(password, 'utf8')];
    socket.write(Buffer.concat([Buffer.from([1, name.length]), name, Buffer.from([secret.length]), secret]));
    const [, outcome] = await read(socket, 2);
    if (outcome !== 0) {
      throw refused('it does not accept the login');
    }
  } else if (method !== none) {
    throw refused('it wants a login');
  }
  const name = Buffer.from(host, 'utf8');
  socket.write(
    Buffer.concat([
      Buffer.from([5, 1, 0, 3, name.length]),
      name,
      Buffer.from([Math.trunc(port / 256), port % 256]),
    ]),
  );
  const [, reply = 1, , type] = await read(socket, 4);
  if (reply !== 0) {
    throw refused(`it refused: ${SOCKS_REPLIES[reply] ?? `reply ${reply}`}`);
  }
  const [nameLength = 0] = type === 3 ? await read(socket, 1) : [];
  await read(socket, 2 + (type === 1 ? 4 : type === 4 ? 16 : nameLength));
  return 'SOCKS 5 connection granted';
}

/** So many bytes and no more: what follows them is no longer the proxy's. */
function read(socket: Duplex, bytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const take = (): void => {
      const chunk: unknown = socket.read(bytes);
      if (Buffer.isBuffer(chunk) && chunk.length === bytes) {
        settle(() => resolve(chunk));
      } else if (socket.readableEnded || socket.destroyed) {
        onEnd();
      }
    };
    const onEnd = (): void => settle(() => reject(refused('it hung up')));
    const settle = (then: () => void): void => {
      socket.off('readable', take).off('end', onEnd).off('close', onEnd);
      then();
    };
    socket.on('readable', take).on('end', onEnd).on('close', onEnd);
    take();
  });
}

function loginOf({ username, password }: URL): { readonly username: string; readonly password: string } {
  return { username: decodeURIComponent(username), password: decodeURIComponent(password) };
}

function refused(detail: string): KubeTransportError {
  return new KubeTransportError('proxy', detail);
}
