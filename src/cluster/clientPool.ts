import { errors, type Client, type Dispatcher } from 'undici';

/**
 * The connections to one origin: a request takes one that has nothing to do, and only where there is none a new one. A
 * source needs one for its watch and one for everything else.
 *
 * undici's own Pool is not used, for two reasons. It sets 16 kB of queue aside for each origin; and a connection counts as
 * busy there until the turn of the event loop after its answer, so that requests which follow each other open two.
 */
export class ClientPool {
  readonly #create: () => Client;
  readonly #clients: Client[] = [];
  #isClosed = false;

  /** `create` makes a client that connects when it is first used. */
  constructor(create: () => Client) {
    this.#create = create;
  }

  /** Rejects with undici's ClientClosedError after `close` and `destroy`. */
  request(options: Dispatcher.RequestOptions): Promise<Dispatcher.ResponseData> {
    if (this.#isClosed) {
      return Promise.reject(new errors.ClientClosedError());
    }
    // Always the first that is free: those behind it are left alone, and time out.
    const client = this.#clients.find(({ stats }) => stats.size === 0) ?? this.#add();
    return client.request(options);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all(this.#clients.map((client) => client.close()));
  }

  async destroy(reason: Error): Promise<void> {
    this.#isClosed = true;
    await Promise.all(this.#clients.map((client) => client.destroy(reason)));
  }

  #add(): Client {
    const client = this.#create();
    this.#clients.push(client);
    client.on('disconnect', () => this.#forgetIfIdle(client));
    client.on('connectionError', () => this.#forgetIfIdle(client));
    return client;
  }

  #forgetIfIdle(client: Client): void {
    const place = this.#clients.indexOf(client);
    if (client.stats.size === 0 && this.#clients.length > 1 && place >= 0 && !this.#isClosed) {
      this.#clients.splice(place, 1);
    }
  }
}
