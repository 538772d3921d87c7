import { once } from 'node:events';

interface Cluster {
  readonly name: string;
  readonly spec: unknown;
  readonly status: unknown;
}

interface Notice {
  readonly type: string;
  readonly data: { readonly name: string };
}

/**
 * A client written from the description of the compatible face alone, with nothing but what every browser has: it reads the
 * list, and on each event the one cluster that it names.
 */
export class CompatPortal {
  readonly clusters = new Map<string, Cluster>();
  readonly notices: Notice[] = [];
  readonly #url: string;
  #socket: WebSocket | undefined;
  #reading: Promise<void> = Promise.resolve();

  constructor(url: string) {
    this.#url = url;
  }

  async connect(): Promise<void> {
    const socket = new WebSocket(`${this.#url.replace('http', 'ws')}/ws`);
    this.#socket = socket;
    socket.addEventListener('message', ({ data }: MessageEvent) => {
      const notice: Notice = JSON.parse(String(data));
      this.notices.push(notice);
      this.#reading = this.#reading.then(() => this.#read(notice));
    });
    await once(socket, 'open');
    const response = await fetch(`${this.#url}/api/clusters`);
    const { clusters }: { clusters: Cluster[] } = JSON.parse(await response.text());
    for (const cluster of clusters) {
      this.clusters.set(cluster.name, cluster);
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
    this.#socket?.close();
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
