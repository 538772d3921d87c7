import type { IncomingHttpHeaders } from 'node:http';
import { failure, type ApiStatus } from '../demo/apiServer/apiStatus';

const LOOPBACK_HOST = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/i;

/**
 * The refusal of a request that a web page may have made a browser send; `undefined` for any other. A server that asks
 * nobody for a token is open to every program of this machine, and a browser is one: it says which page asks (`Origin`), or
 * by which name a page from elsewhere has come to this address (`Host`).
 */
export function refuseForeignRequest({ host = '', origin }: IncomingHttpHeaders): ApiStatus | undefined {
  if (!LOOPBACK_HOST.test(host)) {
    return forbidden(`the host ${JSON.stringify(host)} is not this machine: use 127.0.0.1 or localhost`);
  }
  return origin === undefined
    ? undefined
    : forbidden(
        `a web page (${JSON.stringify(origin)}) may not ask: use kubectl, or a proxy that takes the Origin away`,
      );
}

function forbidden(why: string): ApiStatus {
  return failure(
    403,
    'Forbidden',
    `the demo cluster is served without authentication, to programs on this machine alone; ${why}, or serve it over HTTPS, where its users have tokens`,
  );
}
