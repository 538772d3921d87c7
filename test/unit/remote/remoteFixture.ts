import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { systemClock } from '../../../src/base/clock';
import { DisposableStore } from '../../../src/base/disposable';
import { Emitter, type Event } from '../../../src/base/emitter';
import type { KubeFetch } from '../../../src/base/kubeFetch';
import { unknownLoad } from '../../../src/base/loadMeter';
import { nullLogger } from '../../../src/base/logger';
import { systemRandom } from '../../../src/base/random';
import { Hub } from '../../../src/hub/hub';
import type { Source } from '../../../src/hub/source';
import { relayedRead } from '../../../src/kube/relayedRead';
import type { HubEvent } from '../../../src/protocol/hubEvent';
import { HubLink } from '../../../src/remote/hubLink';
import { HubServer } from '../../../src/server/hubServer';
import { DEFAULT_CONNECTION_SETTINGS } from '../../../src/transport/connectionSettings';
import { FaultServer } from '../../support/faultServer/faultServer';
import { ScriptedCredentials } from '../transport/scriptedCredentials';

const TOKEN = 'a-token-that-is-long-enough-to-be-taken-0123456789';

function rethrow(error: unknown): never {
  throw error;
}

/** Resolves with the first value for which `isIt` holds. */
export function next<T>(event: Event<T>, isIt: (value: T) => boolean): Promise<T> {
  return new Promise((resolve) => {
    const listening = event((value) => {
      if (isIt(value)) {
        listening.dispose();
        resolve(value);
      }
    });
  });
}

/** What answers for pods, logs and node metrics; the cluster itself where there is none. */
interface Beside {
  fetch: KubeFetch | undefined;
}

/** A cluster, a hub server that follows it, and a hub that follows the server over real sockets. */
export class RemoteFixture {
  readonly owned = new DisposableStore();
  readonly cluster: FaultServer;
  readonly beside: Beside;
  readonly credentials = new ScriptedCredentials({ token: TOKEN });
  readonly awake = new Emitter<void>(rethrow);
  readonly local: Hub;
  readonly link: HubLink;
  readonly told: HubEvent[] = [];
  server: HubServer;
  /** Where the server listens, also while it does not. */
  readonly url: string;
  readonly #folder: string;

  private constructor(cluster: FaultServer, beside: Beside, server: HubServer, folder: string) {
    this.cluster = cluster;
    this.beside = beside;
    this.server = server;
    this.url = server.url;
    this.#folder = folder;
    const clock = systemClock;
    this.local = this.owned.add(new Hub({ clock, random: systemRandom, logger: nullLogger }));
    this.owned.add(this.local.onEvent((event) => this.told.push(event)));
    this.link = this.owned.add(
      new HubLink({
        url: server.url,
        label: 'the hub',
        clock,
        random: systemRandom,
        logger: nullLogger,
        settings: { ...DEFAULT_CONNECTION_SETTINGS, initialBackoffMs: 20, maxBackoffMs: 50 },
        openSocket: (url) => new WebSocket(url),
        fetch,
        credentials: this.credentials,
        onAwake: this.awake.event,
      }),
    );
    this.owned.add(
      this.link.onSourcesChanged((definitions) => {
        for (const definition of definitions) {
          if (this.local.source(definition.id) === undefined) {
            this.local.addSource(definition).connect();
          }
        }
        for (const { id } of this.local.sources()) {
          if (!definitions.some((definition) => definition.id === id)) {
            this.local.removeSource(id);
          }
        }
      }),
    );
  }

  static async start(...names: readonly string[]): Promise<RemoteFixture> {
    const folder = mkdtempSync(path.join(tmpdir(), 'remote-'));
    writeFileSync(path.join(folder, 'tokens'), `${TOKEN}\n`);
    const cluster = new FaultServer();
    const beside: Beside = { fetch: undefined };
    const server = await listen({ cluster, beside, folder, port: 0 });
    const fixture = new RemoteFixture(cluster, beside, server, folder);
    for (const name of names) {
      cluster.put(name);
    }
    return fixture;
  }

  /** The hub's only source in the local hub, once it is live. */
  async live(): Promise<Source> {
    this.link.start();
    const isLive = (): boolean =>
      this.local.sources().some((source) => source.status().state.type === 'live');
    if (!isLive()) {
      await next(this.local.onEvent, isLive);
    }
    const [source] = this.local.sources();
    if (source === undefined) {
      throw new Error('the hub has no source');
    }
    return source;
  }

  async stopServer(): Promise<void> {
    await this.server.stop();
  }

  /** Another process at the same address. */
  async startServer(): Promise<void> {
    const { cluster, beside } = this;
    const port = Number(new URL(this.url).port);
    this.server = await listen({ cluster, beside, folder: this.#folder, port });
  }

  writeTokens(...tokens: readonly string[]): void {
    writeFileSync(path.join(this.#folder, 'tokens'), tokens.map((token) => `${token}\n`).join(''));
  }

  async end(): Promise<void> {
    this.owned.dispose();
    await this.server.stop();
    rmSync(this.#folder, { recursive: true });
  }
}

interface Listening {
  readonly cluster: FaultServer;
  readonly beside: Beside;
  readonly folder: string;
  readonly port: number;
}

function listen({ cluster, beside, folder, port }: Listening): Promise<HubServer> {
  const fetch: KubeFetch = (path, request) => {
    const resource = relayedRead(path)?.resource;
    const other = resource === undefined || resource === 'identity' ? undefined : beside.fetch;
    return (other ?? cluster.fetch)(path, request);
  };
  const open = () => Promise.resolve({ fetch, dispose: () => {} });
  return HubServer.start({
    arguments: {
      listen: { host: '127.0.0.1', port },
      auth: { type: 'token', file: path.join(folder, 'tokens') },
      allowedOrigins: [],
      maxConnections: 100,
      maxConnectionsPerPeer: 100,
      maxRequestsPerPeer: 1_000,
    },
    sources: [{ id: 's', kind: 'kubeconfig', label: 'prod-eu', open }],
    clock: systemClock,
    random: systemRandom,
    logger: nullLogger,
    loadMeter: unknownLoad,
  });
}
