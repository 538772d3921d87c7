import {
  type Agent,
  request as httpRequest,
  type IncomingMessage,
  type OutgoingHttpHeaders,
} from 'node:http';
import { request as httpsRequest } from 'node:https';

export interface Sent {
  readonly method?: string;
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string | Buffer;
  readonly agent?: Agent;
  /** PEM, of the authority that is trusted. */
  readonly ca?: string;
}

/** The answer once its headers are there; nothing of its body is read yet. */
export function send(url: string, sent: Sent = {}): Promise<IncomingMessage> {
  const { method = 'GET', headers = {}, body, agent, ca } = sent;
  return new Promise((resolve, reject) => {
    const request = url.startsWith('https:')
      ? httpsRequest(url, { method, headers, ...(ca !== undefined && { ca }) })
      : httpRequest(url, { method, headers, ...(agent !== undefined && { agent }) });
    request.once('response', resolve);
    request.once('error', reject);
    request.end(body);
  });
}

export interface Received {
  readonly status: number | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly bytes: Buffer;
  readonly text: string;
}

/** The whole answer; rejects when the connection breaks. */
export async function receive(url: string, sent?: Sent): Promise<Received> {
  const answer = await send(url, sent);
  const chunks: Buffer[] = [];
  for await (const chunk of answer) {
    chunks.push(chunk);
  }
  const bytes = Buffer.concat(chunks);
  return { status: answer.statusCode, headers: answer.headers, bytes, text: bytes.toString('utf8') };
}
