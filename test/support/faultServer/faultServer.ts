import {
  KubeTransportError,
  type KubeFetch,
  type KubeRequest,
  type KubeResponse,
} from '../../../src/base/kubeFetch';
import type { KubeObject } from '../../../src/base/kubeObject';
import { Collection, type CollectionEvent } from './collection';
import { errorLine, initialEventsEnd, PLAIN_404, playStatus, statusText, type Play } from './play';
import { requestKindOf, type RequestKind } from './requestKind';
import { ScriptedBody } from './scriptedBody';

export interface RecordedRequest {
  readonly kind: RequestKind;
  readonly query: URLSearchParams;
  readonly path: string;
}

interface OpenWatch {
  readonly body: ScriptedBody;
  /** A watch that no longer hears of anything, though its connection stands. */
  isDeaf: boolean;
}

const EXPIRED = { code: 410, reason: 'Expired', message: 'too old resource version' };

/**
 * A small API server for one collection, in process and behind the seam, that answers as the real one does unless a test
 * tells it to play something else. What is played is used up request by request, by kind.
 */
export class FaultServer {
  readonly path = '/apis/dorgu.io/v1/clusterpersonas';
  readonly collection = new Collection();
  readonly requests: RecordedRequest[] = [];
  clusterUid: string | undefined = 'cluster-a';
  isInstalled = true;
  /** How a watch from a forgotten version is refused. */
  expiresBy: 'status' | 'event' = 'event';
  /** Refuses every connection. */
  isDown = false;
  /** Accepts every request and says nothing, as a stopped process does. */
  isFrozen = false;
  /** Called with each request before it is answered. */
  onRequest: (request: RecordedRequest) => void = () => {};
  readonly #queued: { readonly kind: RequestKind; readonly play: Play }[] = [];
  readonly #always = new Map<RequestKind, Play>();
  readonly #tokens = new Map<string, readonly KubeObject[]>();
  readonly #watches = new Set<OpenWatch>();
  #open = 0;

  readonly fetch: KubeFetch = (path, request) => this.#answer(path, request);

  /** The next requests of a kind, one each, are answered so. */
  play(kind: RequestKind, ...plays: readonly Play[]): void {
    this.#queued.push(...plays.map((play) => ({ kind, play })));
  }

  /** The next request of a kind is answered with 200 and a body that the test writes. */
  playSlowly(kind: RequestKind): ScriptedBody {
    const body = new ScriptedBody(undefined, () => {});
    this.play(kind, { type: 'body', body });
    return body;
  }

  /** All requests of a kind are answered so, until called without a play. */
  playAlways(kind: RequestKind, play?: Play): void {
    if (play === undefined) {
      this.#always.delete(kind);
    } else {
      this.#always.set(kind, play);
    }
  }

  /** Everything is answered in earnest again. */
  forgetPlays(): void {
    this.#queued.length = 0;
    this.#always.clear();
  }

  /** Exchanges that nobody has read to the end, left or aborted. */
  get openExchanges(): number {
    return this.#open;
  }

  get openWatches(): number {
    // One whose answer was given up before anybody read it is over too.
    return [...this.#watches].filter(({ body }) => !body.isReleased).length;
  }

  count(kind: RequestKind): number {
    return this.requests.filter((request) => request.kind === kind).length;
  }

  last(kind: RequestKind): RecordedRequest | undefined {
    return this.requests.findLast((request) => request.kind === kind);
  }

  put(name: string, fields?: Readonly<Record<string, unknown>>): void {
    this.#tell(this.collection.put(name, fields));
  }

  delete(name: string): void {
    const event = this.collection.delete(name);
    if (event !== undefined) {
      this.#tell(event);
    }
  }

  bookmark(version: number = this.collection.version): void {
    const object = { kind: 'ClusterPersona', metadata: { resourceVersion: String(version) } };
    this.sendLine(JSON.stringify({ type: 'BOOKMARK', object }));
  }

  /** Writes to every open watch. */
  sendLine(line: string): void {
    this.sendText(`${line}\n`);
  }

  sendText(text: string | Uint8Array): void {
    for (const watch of this.#watches) {
      // Whoever missed one line hears no later one either: a watch has no holes.
      watch.isDeaf ||= this.isFrozen;
      if (!watch.isDeaf) {
        watch.body.write(text);
      }
    }
  }

  endWatches(): void {
    for (const { body } of this.#watches) {
      body.end();
    }
  }

  cutWatches(): void {
    for (const { body } of this.#watches) {
      body.fail(new KubeTransportError('closed', 'connection reset'));
    }
  }

  /** Open watches stay open and hear nothing any more. */
  deafenWatches(): void {
    for (const watch of this.#watches) {
      watch.isDeaf = true;
    }
  }

  hearAgain(): void {
    for (const watch of this.#watches) {
      watch.isDeaf = false;
    }
  }

  /** Continue tokens handed out so far are forgotten. */
  expireTokens(): void {
    this.#tokens.clear();
  }

  /** As deleting the CRD does: every object goes, watches end, and the path is not served any more. */
  uninstall(): void {
    for (const name of this.collection.names) {
      this.delete(name);
    }
    this.isInstalled = false;
    this.endWatches();
  }

  async #answer(path: string, request: KubeRequest = {}): Promise<KubeResponse> {
    const { signal } = request;
    const query = new URLSearchParams(path.split('?')[1]);
    const kind = requestKindOf(path);
    const recorded = { kind, query, path };
    this.requests.push(recorded);
    this.onRequest(recorded);
    signal?.throwIfAborted();
    await Promise.resolve();
    signal?.throwIfAborted();
    if (this.isDown) {
      throw new KubeTransportError('unreachable', 'connection refused');
    }
    const play = this.#nextPlay(kind);
    if (this.isFrozen || play?.type === 'hang') {
      return this.#hang(signal);
    }
    if (play?.type === 'refuse') {
      throw new KubeTransportError(play.code, `refused: ${play.code}`);
    }
    if (play?.type === 'body') {
      return { status: 200, header: () => undefined, body: play.body };
    }
    const body = this.#body(signal);
    if (play !== undefined) {
      return perform(play, body);
    }
    switch (kind) {
      case 'identity':
        return this.#identity(body);
      case 'watch':
        return this.#watch(query, body);
      case 'list':
      case 'probe':
        return this.#list(query, body);
      default: {
        const unknown: never = kind;
        throw new TypeError(`unknown kind ${String(unknown)}`);
      }
    }
  }

  #nextPlay(kind: RequestKind): Play | undefined {
    const at = this.#queued.findIndex((each) => each.kind === kind);
    return at < 0 ? this.#always.get(kind) : this.#queued.splice(at, 1)[0]?.play;
  }

  #body(signal: AbortSignal | undefined): ScriptedBody {
    this.#open += 1;
    return new ScriptedBody(signal, () => {
      this.#open -= 1;
    });
  }

  #hang(signal: AbortSignal | undefined): Promise<never> {
    this.#open += 1;
    return new Promise((_, reject) => {
      signal?.addEventListener(
        'abort',
        () => {
          this.#open -= 1;
          reject(signal.reason);
        },
        { once: true },
      );
    });
  }

  #identity(body: ScriptedBody): KubeResponse {
    return this.clusterUid === undefined
      ? perform(playStatus(403, 'Forbidden', 'namespaces "kube-system" is forbidden'), body)
      : answer(200, JSON.stringify({ kind: 'Namespace', metadata: { uid: this.clusterUid } }), body);
  }

  #list(query: URLSearchParams, body: ScriptedBody): KubeResponse {
    if (!this.isInstalled) {
      return perform(PLAIN_404, body);
    }
    const token = query.get('continue');
    const rest = token === null ? this.collection.values() : this.#tokens.get(token);
    if (rest === undefined) {
      return perform(playStatus(410, 'Expired', 'the provided continue parameter is too old'), body);
    }
    const version = token?.split(':')[0] ?? String(this.collection.version);
    const limit = Number(query.get('limit') ?? Infinity);
    const metadata: Record<string, unknown> = { resourceVersion: version };
    if (rest.length > limit) {
      const next = `${version}:${rest.length - limit}`;
      this.#tokens.set(next, rest.slice(limit));
      metadata['continue'] = next;
      metadata['remainingItemCount'] = rest.length - limit;
    }
    const list = {
      apiVersion: 'dorgu.io/v1',
      items: rest.slice(0, limit),
      kind: 'ClusterPersonaList',
      metadata,
    };
    return answer(200, JSON.stringify(list), body);
  }

  #watch(query: URLSearchParams, body: ScriptedBody): KubeResponse {
    if (!this.isInstalled) {
      return perform(PLAIN_404, body);
    }
    if (query.get('sendInitialEvents') === 'true') {
      return this.#watchList(body);
    }
    const from = Number(query.get('resourceVersion'));
    if (from < this.collection.floor) {
      return this.expiresBy === 'status'
        ? answer(410, statusText(EXPIRED), body)
        : perform({ type: 'stream', chunks: [`${errorLine(EXPIRED)}\n`], ending: 'end' }, body);
    }
    // From a version that is not reached yet the real server answers 200 as well, and then says nothing.
    const watch: OpenWatch = { body, isDeaf: from > this.collection.version };
    this.#watches.add(watch);
    for (const event of this.collection.since(from)) {
      body.write(`${lineOf(event)}\n`);
    }
    return { status: 200, header: () => undefined, body: this.#whileOpen(watch) };
  }

  #watchList(body: ScriptedBody): KubeResponse {
    const watch: OpenWatch = { body, isDeaf: false };
    this.#watches.add(watch);
    const lines = this.collection.values().map((object) => JSON.stringify({ type: 'ADDED', object }));
    body.write([...lines, initialEventsEnd(this.collection.version)].map((line) => `${line}\n`).join(''));
    return { status: 200, header: () => undefined, body: this.#whileOpen(watch) };
  }

  async *#whileOpen(watch: OpenWatch): AsyncGenerator<Uint8Array, void, void> {
    try {
      yield* watch.body;
    } finally {
      this.#watches.delete(watch);
    }
  }

  #tell(event: CollectionEvent): void {
    this.sendLine(lineOf(event));
  }
}

function lineOf(event: CollectionEvent): string {
  return JSON.stringify({ type: event.type, object: event.object });
}

function answer(
  status: number,
  text: string,
  body: ScriptedBody,
  headers: Readonly<Record<string, string>> = {},
): KubeResponse {
  body.write(text);
  body.end();
  return { status, header: (name) => headers[name.toLowerCase()], body };
}

function perform(play: Play, body: ScriptedBody): KubeResponse {
  switch (play.type) {
    case 'answer':
      return answer(play.status, play.body, body, play.headers);
    case 'stream':
      for (const chunk of play.chunks) {
        body.write(chunk);
      }
      if (play.ending === 'end') {
        body.end();
      } else if (play.ending === 'cut') {
        body.breakOff(new KubeTransportError('closed', 'connection reset'));
      }
      return { status: 200, header: () => undefined, body };
    default:
      throw new TypeError(`${play.type} has no answer`);
  }
}
