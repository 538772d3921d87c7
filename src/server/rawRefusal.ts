import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { PROBLEM_TYPE, problemDetails } from './problemDetails';

/** Answers a request that never became one of the framework's, and ends its connection. */
export function refuseRaw(connection: Duplex, status: number, detail: string): void {
  if (!connection.writable) {
    connection.destroy();
    return;
  }
  const body = JSON.stringify(problemDetails(status, detail));
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    'Connection: close',
    `Content-Type: ${PROBLEM_TYPE}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...(status === 401 ? ['WWW-Authenticate: Bearer'] : []),
    ...(status === 503 ? ['Retry-After: 5'] : []),
  ];
  connection.once('finish', () => connection.destroy());
  connection.end(`${lines.join('\r\n')}\r\n\r\n${body}`);
}

/** The same for what is no HTTP at all, by the code of Node's parser. */
export function refuseMalformed(connection: Duplex, code: string): void {
  switch (code) {
    case 'ECONNRESET':
      connection.destroy();
      return;
    case 'HPE_HEADER_OVERFLOW':
      refuseRaw(connection, 431, 'the header is too long');
      return;
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      refuseRaw(connection, 408, 'the request did not come in time');
      return;
    default:
      refuseRaw(connection, 400, 'this is not how HTTP is spoken');
  }
}
