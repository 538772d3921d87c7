import * as v from 'valibot';
import type { Clock } from '../../../src/base/clock';
import { Emitter, type Event, type ListenerErrorHandler } from '../../../src/base/emitter';
import type { AccessToken, Credentials } from '../../../src/transport/credentials';
import type { HttpFetch } from '../../../src/transport/web/httpFetch';
import { HubHttp } from '../../../src/transport/web/hubHttp';

const TICKET_PATH = '/api/v1/ticket';
/** A ticket has to be shown before the hub forgets it; the way there takes its time. */
const MARGIN_MS = 5_000;

const ticketSchema = v.object({ ticket: v.string(), expiresInMs: v.number() });

/** Where a token is kept beyond this page, if that is wanted. */
export interface TokenKeep {
  read(): string | undefined;
  /** `undefined` forgets it. */
  write(token: string | undefined): void;
}

export interface TicketCredentialsOptions {
  /** The hub's address, without a slash at its end. */
  readonly baseUrl: string;
  readonly fetch: HttpFetch;
  readonly clock: Clock;
  readonly keep: TokenKeep;
  readonly onListenerError: ListenerErrorHandler;
}

/**
 * The token of who signed in to a hub. A browser can show it in a header of a request and not in that of a WebSocket, so for each
 * of those it gets a ticket, good for one use and some seconds, which is shown there in its place. `forRequests` is the token
 * itself, for what has headers.
 */
export class TicketCredentials implements Credentials {
  readonly #options: TicketCredentialsOptions;
  readonly #changed: Emitter<void>;
  #token: string | undefined;
  #next: { readonly ticket: string; readonly untilMs: number } | undefined;

  constructor(options: TicketCredentialsOptions) {
    this.#options = options;
    this.#changed = new Emitter(options.onListenerError);
    this.#token = options.keep.read();
  }

  /** What requests show. */
  get forRequests(): Credentials {
    return {
      token: () => Promise.resolve(this.#token === undefined ? undefined : { token: this.#token }),
      onChanged: this.#changed.event,
    };
  }

  get isSignedIn(): boolean {
    return this.#token !== undefined;
  }

  get onChanged(): Event<void> {
    return this.#changed.event;
  }

  /** Takes a token once the hub has; else rejects with why it has not, as {@link HubHttp} does. */
  async signIn(token: string, isKept: boolean, signal: AbortSignal): Promise<void> {
    const { clock, keep } = this.#options;
    const { ticket, expiresInMs } = await this.#ask(token, signal);
    this.#next = { ticket, untilMs: clock.monotonic() + expiresInMs - MARGIN_MS };
    this.#token = token;
    keep.write(isKept ? token : undefined);
    this.#changed.fire();
  }

  /** Forgets the token, here and wherever it was kept. */
  signOut(): void {
    this.#token = undefined;
    this.#next = undefined;
    this.#options.keep.write(undefined);
    this.#changed.fire();
  }

  async token(signal: AbortSignal): Promise<AccessToken | undefined> {
    const next = this.#next;
    this.#next = undefined;
    if (this.#token === undefined) {
      return undefined;
    }
    if (next !== undefined && this.#options.clock.monotonic() < next.untilMs) {
      return { token: next.ticket };
    }
    return { token: (await this.#ask(this.#token, signal)).ticket };
  }

  #ask(token: string, signal: AbortSignal): Promise<v.InferOutput<typeof ticketSchema>> {
    const { baseUrl, fetch, clock } = this.#options;
    const credentials: Credentials = {
      token: () => Promise.resolve({ token }),
      onChanged: this.#changed.event,
    };
    return new HubHttp({ baseUrl, fetch, clock, credentials }).post(
      TICKET_PATH,
      undefined,
      ticketSchema,
      signal,
    );
  }
}
