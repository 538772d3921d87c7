import assert from 'node:assert/strict';
import { isRecord } from '../../../src/base/jsonRecord';
import type { KubeFetch, KubeRequest, KubeResponse } from '../../../src/base/kubeFetch';
import type { KubeObject } from '../../../src/base/kubeObject';
import { readText } from '../../../src/base/readBody';
import { createDemoCluster, type DemoCluster } from '../../../src/demo/demoCluster';
import { JumpingClock } from '../../../src/demo/faults/jumpingClock';
import { CLUSTER_PERSONA } from '../../../src/protocol/clusterPersonaResource';
import type { FakeClock } from '../../support/fakeClock';

/** So many of the fleet's own objects are there beside those that the commands write. */
const FLEET_SIZE = 3;
/** A short history, so that it is also forgotten without a compaction; but a living fleet fills one within seconds. */
const HISTORY_LIMIT = 10;
const STORY_HISTORY_LIMIT = 1_000;
const MAX_BODY_BYTES = 10_000_000;
const IDENTITY_PATH = '/api/v1/namespaces/kube-system';
/** What the informer's list asks for: a page of 500, more than the cluster has. */
const ASKED_LIMIT = 'limit=500';

const TOKENS = { admin: 'the-admin', viewer: 'a-viewer', nobody: 'somebody' };
const UNKNOWN_TOKEN = 'from-before';

export interface ClusterBehindOptions {
  readonly clock: FakeClock;
  readonly seed: number;
  /** Whether the fleet lives, so that the cluster changes by itself. */
  readonly hasStory: boolean;
  /** How the informer selects what it follows; empty: everything. */
  readonly labelSelector: string;
  /** A page of a list holds no more than this, whatever is asked for. */
  readonly maxPage: number;
  readonly mayReadIdentity: boolean;
}

/** The demo cluster that an informer follows, and the admin's ways to change it, which nothing disturbs. */
export class ClusterBehind {
  readonly #options: ClusterBehindOptions;
  readonly #startMs: number;
  #seed: number;
  #demo: DemoCluster;
  #issuedTokens = 0;
  /** Grows with each token that the client takes into use. */
  #shownToken = 0;
  /** Whether the resource is served at all. */
  isInstalled = true;
  /** Whether the client may read anything. */
  isAllowed = true;

  constructor(options: ClusterBehindOptions) {
    this.#options = options;
    this.#startMs = options.clock.now();
    this.#seed = options.seed;
    this.#demo = this.#start();
  }

  get openBodyCount(): number {
    return this.#demo.openBodyCount;
  }

  /** As the informer's requests are answered. */
  readonly fetch: KubeFetch = (path, request = {}) => {
    if (!this.isInstalled && path.startsWith(CLUSTER_PERSONA.path)) {
      return this.#demo.fetch('/apis/dorgu.io/v0/clusterpersonas', this.#asClient(path, request));
    }
    const shortened = path.replace(ASKED_LIMIT, `limit=${this.#options.maxPage}`);
    return this.#demo.fetch(shortened, this.#asClient(path, request));
  };

  /** Tokens from before are not taken any more; open watches go on. */
  rotateToken(): void {
    this.#issuedTokens += 1;
  }

  /** The client takes the newest token into use. */
  renewToken(): void {
    this.#shownToken = this.#issuedTokens;
  }

  compact(): void {
    this.#demo.compact();
  }

  /** Another cluster answers at the same address. */
  replace(): void {
    this.#seed += 1;
    this.#restart();
  }

  /** The same cluster as it was at its start: its storage was restored from a backup. */
  restore(): void {
    this.#restart();
  }

  dispose(): void {
    this.#demo.dispose();
  }

  /** What the informer ought to hold. */
  async list(): Promise<KubeObject[]> {
    const { labelSelector } = this.#options;
    const query = labelSelector === '' ? '' : `?labelSelector=${encodeURIComponent(labelSelector)}`;
    const list = await this.#ask(200, `${CLUSTER_PERSONA.path}${query}`);
    const items = isRecord(list) ? list['items'] : undefined;
    assert.ok(Array.isArray(items));
    return items.map(asHeld);
  }

  async create(name: string, labels: Readonly<Record<string, string>>): Promise<KubeObject> {
    const body = {
      apiVersion: `${CLUSTER_PERSONA.group}/${CLUSTER_PERSONA.version}`,
      kind: CLUSTER_PERSONA.kind,
      metadata: { name, labels },
      spec: { name, environment: 'development' },
    };
    return asHeld(await this.#write(201, 'POST', CLUSTER_PERSONA.path, body));
  }

  async patch(name: string, patch: object, subresource = ''): Promise<KubeObject> {
    return asHeld(await this.#write(200, 'PATCH', `${CLUSTER_PERSONA.path}/${name}${subresource}`, patch));
  }

  async delete(name: string): Promise<void> {
    await this.#write(200, 'DELETE', `${CLUSTER_PERSONA.path}/${name}`);
  }

  async deleteAll(): Promise<void> {
    await this.#write(200, 'DELETE', CLUSTER_PERSONA.path);
  }

  #start(): DemoCluster {
    const { clock, hasStory } = this.#options;
    // A backup has the same objects, whenever it is restored.
    const startClock = new JumpingClock(clock);
    startClock.jump(this.#startMs - clock.now());
    const demo = createDemoCluster({
      clock: startClock,
      seed: this.#seed,
      personas: FLEET_SIZE,
      historyLimit: hasStory ? STORY_HISTORY_LIMIT : HISTORY_LIMIT,
      tokens: TOKENS,
    });
    if (hasStory) {
      demo.start();
    }
    return demo;
  }

  #restart(): void {
    const before = this.#demo;
    this.#demo = this.#start();
    before.dispose();
  }

  #asClient(path: string, request: KubeRequest): KubeRequest {
    const isKnown = this.#shownToken === this.#issuedTokens;
    const mayRead = this.isAllowed && (this.#options.mayReadIdentity || path !== IDENTITY_PATH);
    return withToken(request, isKnown ? (mayRead ? TOKENS.viewer : TOKENS.nobody) : UNKNOWN_TOKEN);
  }

  #write(
    status: number,
    method: NonNullable<KubeRequest['method']>,
    path: string,
    body?: object,
  ): Promise<unknown> {
    const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json';
    return this.#ask(status, path, {
      method,
      headers: { 'content-type': type },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  }

  async #ask(status: number, path: string, request: KubeRequest = {}): Promise<unknown> {
    const response: KubeResponse = await this.#demo.fetch(path, withToken(request, TOKENS.admin));
    const text = await readText(response.body, MAX_BODY_BYTES);
    assert.equal(response.status, status, text);
    return JSON.parse(text);
  }
}

function withToken(request: KubeRequest, token: string): KubeRequest {
  return { ...request, headers: { ...request.headers, authorization: `Bearer ${token}` } };
}

/** Without `managedFields`, which an informer does not keep. */
function asHeld(value: unknown): KubeObject {
  assert.ok(isRecord(value) && isRecord(value['metadata']));
  const { managedFields: _, ...metadata } = value['metadata'];
  const { name } = metadata;
  assert.ok(typeof name === 'string');
  return { ...value, metadata: { ...metadata, name } };
}
