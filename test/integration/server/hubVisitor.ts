import assert from 'node:assert/strict';
import { once } from 'node:events';
import { request } from 'node:https';
import type { CertificateAndKey } from '../../../src/demoServer/certificateAuthority';
import { HubSocket } from './hubSocket';

/** What somebody shows a hub that speaks TLS. */
export interface Shown {
  readonly token?: string;
  readonly certificate?: CertificateAndKey;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A cluster, as a hub lists it. */
export interface ListedSource {
  readonly source: string;
  readonly state: { readonly type: string };
}

export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** Somebody who asks a hub. */
export class HubVisitor {
  readonly #port: number;
  readonly #ca: string;
  readonly #shown: Shown;

  constructor(port: number, ca: string, shown: Shown) {
    this.#port = port;
    this.#ca = ca;
    this.#shown = shown;
  }

  async ask(path: string, method = 'GET', body?: object): Promise<Answer> {
    const asked = request({
      ...this.#tls,
      host: '127.0.0.1',
      port: this.#port,
      path,
      method,
      headers: { ...this.#headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      agent: false,
    });
    asked.end(body === undefined ? undefined : JSON.stringify(body));
    const [response] = await once(asked, 'response');
    response.setEncoding('utf8');
    let text = '';
    for await (const chunk of response) {
      text += String(chunk);
    }
    return { status: Number(response.statusCode), body: text };
  }

  async sources(): Promise<readonly ListedSource[]> {
    const { status, body } = await this.ask('/api/v1/sources');
    assert.equal(status, 200, body);
    const { sources }: { sources: ListedSource[] } = JSON.parse(body);
    return sources;
  }

  /** The status of an answer without an end; where it is 200, once it had this in it. */
  async streamStatus(path: string, text: string): Promise<number> {
    const asked = request({
      ...this.#tls,
      host: '127.0.0.1',
      port: this.#port,
      path,
      headers: this.#headers,
      agent: false,
    });
    asked.end();
    const [response] = await once(asked, 'response');
    response.setEncoding('utf8');
    let received = '';
    try {
      for await (const chunk of response) {
        received += String(chunk);
        if (received.includes(text)) {
          break;
        }
      }
    } finally {
      asked.destroy();
    }
    assert.equal(received.includes(text), response.statusCode === 200, received.slice(-500));
    return Number(response.statusCode);
  }

  open(path = '/api/v1/ws'): HubSocket {
    return new HubSocket(`wss://127.0.0.1:${this.#port}${path}`, { ...this.#tls, headers: this.#headers });
  }

  /** A session of the own face. */
  async greeted(): Promise<HubSocket> {
    const client = this.open();
    await client.greet();
    return client;
  }

  get #tls() {
    const { certificate } = this.#shown;
    return {
      ca: this.#ca,
      ...(certificate === undefined ? {} : { cert: certificate.certificate, key: certificate.key }),
    };
  }

  get #headers(): Record<string, string> {
    const { token, headers } = this.#shown;
    return { ...headers, ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) };
  }
}
