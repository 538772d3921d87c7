import { setTimeout as delay } from 'node:timers/promises';

interface Cluster {
  readonly name: string;
  readonly spec: unknown;
  readonly status: unknown;
}

interface Notice {
  readonly type: string;
  readonly data: { readonly name: string };
}

/** Of its own: the description says that it reads the list again, and leaves it to the client when. */
const RECONNECT_MS = 200;

/**
 * A client written from the description of the compatible face alone, with nothing but what every browser has: it reads the
 * list, and on each event the one cluster that it names. When it is disconnected it connects again and reads the list anew.
 */
export class CompatPortal {
  readonly clusters = new Map<string, Cluster>();
  readonly notices: Notice[] = [];
  /** How often it has read the list. */
  lists = 0;
  readonly #url: string;
  readonly #disposed = new AbortController();
  #socket: WebSocket | undefined;
  #reading: Promise<void> = Promise.resolve();

  constructor(url: string) {
    this.#url = url;
  }

  /** Resolves when it is connected and has read the list. */
  async connect(): Promise<void> {
    const socket = new WebSocket(`${this.#url.replace('http', 'ws')}/ws`);
    this.#socket = socket;
    const list = opened(socket).then(() => this.#readList());
    // What is told while the list is read may be in it or not: it is read by itself after the list.
    this.#reading = list.catch(() => undefined);
    socket.addEventListener('message', ({ data }: MessageEvent) => {
      const notice: Notice = JSON.parse(String(data));
      this.notices.push(notice);
      // What cannot be read is read with the list, after the next connection.
      this.#reading = this.#reading.then(() => this.#read(notice)).catch(() => undefined);
    });
    try {
      await list;
    } catch (error) {
      socket.close();
      throw error;
    }
    if (socket.readyState === WebSocket.OPEN) {
      socket.addEventListener('close', () => void this.#reconnect());
    } else {
      void this.#reconnect();
    }
  }

  /** Resolves when everything that was told was read. */
  settled(): Promise<void> {
    return this.#reading;
  }

  /** The code with which the server ends it. */
  async closed(): Promise<number> {
    return new Promise((resolve) => {
      this.#socket?.addEventListener('close', ({ code }) => resolve(code));
    });
  }

  [Symbol.dispose](): void {
    this.#disposed.abort();
    this.#socket?.close();
  }

  async #reconnect(): Promise<void> {
    while (!this.#disposed.signal.aborted) {
      try {
        await delay(RECONNECT_MS, undefined, { signal: this.#disposed.signal });
        await this.connect();
        return;
      } catch {
        // Nobody is there yet, or it was disposed.
      }
    }
  }

  async #readList(): Promise<void> {
    for (;;) {
      const { signal } = this.#disposed;
      const response = await fetch(`${this.#url}/api/clusters`, { signal });
      const body = await response.text();
      if (response.status === 503) {
        // Not read yet: an empty list would be wrong.
        await delay(1_000 * Number(response.headers.get('retry-after')), undefined, { signal });
        continue;
      }
      const { clusters }: { clusters: Cluster[] } = JSON.parse(body);
      this.clusters.clear();
      for (const cluster of clusters) {
        this.clusters.set(cluster.name, cluster);
      }
      this.lists += 1;
      return;
    }
  }

  async #read({ type, data: { name } }: Notice): Promise<void> {
    if (type === 'cluster.deleted') {
      this.clusters.delete(name);
      return;
    }
    const response = await fetch(`${this.#url}/api/clusters/${encodeURIComponent(name)}`);
    if (response.status === 404) {
      await response.text();
      this.clusters.delete(name);
    } else {
      const cluster: Cluster = JSON.parse(await response.text());
      this.clusters.set(name, cluster);
    }
  }
}

function opened(socket: WebSocket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.addEventListener('open', () => resolve());
    socket.addEventListener('close', () => reject(new Error('the connection was not opened')));
  });
}
