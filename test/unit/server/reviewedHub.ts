import { connect, type Socket } from 'node:net';
import { systemClock } from '../../../src/base/clock';
import type { KubeFetch, KubeResponse } from '../../../src/base/kubeFetch';
import { unknownLoad } from '../../../src/base/loadMeter';
import { nullLogger } from '../../../src/base/logger';
import { systemRandom } from '../../../src/base/random';
import { HubServer, type HubServerOptions } from '../../../src/server/hubServer';
import { FaultServer } from '../../support/faultServer/faultServer';

/** A hub and its clients are in one process: what is to happen does so at once. */
export const SOON = { deadlineMs: 5_000, pollMs: 20 };

type Spec = Readonly<Record<string, unknown>>;

/** A hub whose one cluster, `s`, says whose a token is and what they may, as a test has it: tokens are names of users. */
export class ReviewedHub {
  readonly cluster = new FaultServer();
  readonly tokensAsked: string[] = [];
  readonly accessAsked: string[] = [];
  /** Before the cluster answers what somebody may. */
  accessDelay: Promise<void> = Promise.resolve();
  /** Tokens that are nobody's. */
  readonly revoked = new Set<string>();
  /** Answers what is asked of pods. */
  pods: KubeFetch = () => Promise.resolve(jsonOf(404, {}));
  #server: HubServer | undefined;

  async start(args: Partial<HubServerOptions['arguments']> = {}): Promise<void> {
    this.cluster.put('a');
    const open = () => Promise.resolve({ fetch: this.#fetch, dispose: () => {} });
    this.#server = await HubServer.start({
      arguments: {
        listen: { host: '127.0.0.1', port: 0 },
        auth: {
          type: 'reviewed',
          tokens: { audience: 'hub', takesApiServerTokens: false },
          certificates: false,
          recheckMs: 200,
        },
        allowedOrigins: [],
        maxConnections: 100,
        maxConnectionsPerPeer: 100,
        maxRequestsPerPeer: 1_000,
        ...args,
      },
      sources: [{ id: 's', kind: 'kubeconfig', label: 's', open }],
      clock: systemClock,
      random: systemRandom,
      logger: nullLogger,
      loadMeter: unknownLoad,
    });
  }

  get url(): string {
    return this.#server?.url ?? '';
  }

  ask(path: string, token: string, signal?: AbortSignal): Promise<Response> {
    return fetch(`${this.url}${path}`, {
      headers: { authorization: `Bearer ${token}` },
      ...(signal === undefined ? {} : { signal }),
    });
  }

  /** A connection to say anything over. */
  connect(): Socket {
    return connect(Number(new URL(this.url).port), '127.0.0.1');
  }

  async figure(name: string): Promise<number> {
    const text = await (await this.ask('/metrics', 'operator')).text();
    const line = text.split('\n').find((one) => one.startsWith(`${name} `));
    return Number(line?.slice(name.length + 1));
  }

  async stop(): Promise<void> {
    await this.#server?.stop();
  }

  readonly #fetch: KubeFetch = async (path, request) => {
    if (path.endsWith('/tokenreviews')) {
      const token = String(specOf(request?.body).token);
      this.tokensAsked.push(token);
      return jsonOf(201, {
        status: this.revoked.has(token)
          ? { authenticated: false }
          : { authenticated: true, user: { username: token.split('.')[0] }, audiences: ['hub'] },
      });
    }
    if (path.endsWith('/subjectaccessreviews')) {
      this.accessAsked.push(String(specOf(request?.body).user));
      await this.accessDelay;
      return jsonOf(201, { status: { allowed: true } });
    }
    if (path.endsWith('/selfsubjectaccessreviews')) {
      return jsonOf(201, { status: { allowed: true } });
    }
    return path.startsWith('/api/v1/') && path.includes('/pods')
      ? this.pods(path, request)
      : this.cluster.fetch(path, request);
  };
}

function specOf(body: unknown): Spec {
  const { spec }: { spec: Spec } = JSON.parse(String(body));
  return spec;
}

function jsonOf(status: number, value: object): KubeResponse {
  return { status, header: () => undefined, body: textOf(JSON.stringify(value)) };
}

export async function* textOf(...texts: readonly string[]): AsyncGenerator<Uint8Array> {
  await Promise.resolve();
  for (const text of texts) {
    yield Buffer.from(text);
  }
}
