import { readLines, readText } from '../../../src/base/readBody';
import type { KubeFetch, KubeRequest } from '../../../src/base/kubeFetch';
import { decodePersona, type ClusterPersona } from '../../../src/persona/clusterPersona';

export const PERSONAS_PATH = '/apis/dorgu.io/v1/clusterpersonas';

const MAX_BYTES = 50_000_000;

/** Any object of an answer, for tests that know what they asked for. */
export interface AnyObject {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid: string;
    readonly resourceVersion: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly continue?: string;
    readonly remainingItemCount?: number;
    readonly [field: string]: unknown;
  };
  readonly items: readonly AnyObject[];
  readonly reason?: string;
  readonly message?: string;
  readonly code?: number;
  readonly [field: string]: unknown;
}

export interface WatchEvent {
  readonly type: string;
  readonly object: AnyObject;
}

export async function getText(fetch: KubeFetch, path: string, request?: KubeRequest) {
  const response = await fetch(path, request);
  return {
    status: response.status,
    type: response.header('Content-Type'),
    text: await readText(response.body, MAX_BYTES),
  };
}

export async function getJson(fetch: KubeFetch, path: string): Promise<AnyObject> {
  const { text } = await getText(fetch, path);
  return JSON.parse(text);
}

export async function listPersonas(fetch: KubeFetch): Promise<readonly ClusterPersona[]> {
  const list = await getJson(fetch, PERSONAS_PATH);
  return list.items.map((item) => decodePersona(item));
}

/** Everything that arrives on a stream of lines, and how it ended. */
export class StreamReader {
  readonly lines: string[] = [];
  end: { readonly type: 'clean' } | { readonly type: 'failed'; readonly error: unknown } | undefined;
  readonly #abort = new AbortController();

  constructor(fetch: KubeFetch, path: string) {
    void this.#read(fetch, path);
  }

  get events(): readonly WatchEvent[] {
    return this.lines.map((line) => JSON.parse(line));
  }

  abort(reason: unknown): void {
    this.#abort.abort(reason);
  }

  async #read(fetch: KubeFetch, path: string): Promise<void> {
    try {
      const { body } = await fetch(path, { signal: this.#abort.signal });
      for await (const batch of readLines(body, MAX_BYTES)) {
        this.lines.push(...batch.lines);
      }
      this.end = { type: 'clean' };
    } catch (error) {
      this.end = { type: 'failed', error };
    }
  }
}
