import { KubeTransportError, type KubeFetch, type KubeTransportErrorCode } from '../../../src/base/kubeFetch';
import { isWatchPath } from '../../../src/demo/apiServer/streamingPath';

/** A watch that no longer hears of anything, though its connection stands. */
interface Ear {
  isDeaf: boolean;
}

export interface WireOptions {
  readonly fetch: KubeFetch;
  /** Of the collection that is followed, without a query. */
  readonly path: string;
  /** Called whenever something of the collection came through. */
  readonly onHeard: () => void;
}

/** What lies between an informer and a cluster: it refuses connections, loses what is sent, and notes what comes through. */
export class Wire {
  readonly #options: WireOptions;
  readonly #ears = new Set<Ear>();
  /** How every new connection fails; undefined while none does. */
  refusal: KubeTransportErrorCode | undefined;
  /** So many answers still break off in the middle of their first chunk. */
  breakages = 0;

  constructor(options: WireOptions) {
    this.#options = options;
  }

  /** Watches that are open stay open, and say nothing any more. */
  deafen(): void {
    for (const ear of this.#ears) {
      ear.isDeaf = true;
    }
  }

  readonly fetch: KubeFetch = async (path, request) => {
    if (this.refusal !== undefined) {
      throw new KubeTransportError(this.refusal, `refused: ${this.refusal}`);
    }
    const response = await this.#options.fetch(path, request);
    if (response.status !== 200 || !path.startsWith(this.#options.path)) {
      return response;
    }
    this.#options.onHeard();
    return {
      status: response.status,
      header: (name) => response.header(name),
      body: this.#listen(response.body, isWatchPath(path)),
    };
  };

  async *#listen(
    body: AsyncIterable<Uint8Array>,
    canGoDeaf: boolean,
  ): AsyncGenerator<Uint8Array, void, void> {
    const ear: Ear = { isDeaf: false };
    if (canGoDeaf) {
      this.#ears.add(ear);
    }
    try {
      for await (const chunk of body) {
        if (this.breakages > 0) {
          this.breakages -= 1;
          yield chunk.subarray(0, chunk.length / 2);
          throw new KubeTransportError('closed', 'the connection was reset');
        }
        if (!ear.isDeaf) {
          this.#options.onHeard();
          yield chunk;
        }
      }
    } finally {
      this.#ears.delete(ear);
    }
  }
}
