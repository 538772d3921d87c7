import type { IncomingHttpHeaders } from 'node:http';
import type { Socket } from 'node:net';
import type { Disposable } from '../../base/disposable';
import { CLOSE_CODES } from '../../protocol/closeCodes';
import type { Checked, Credential, CredentialEnd } from '../../transport/node/credential';
import { bearerToken } from '../requestGuard';
import { turnedAway, UNKNOWN_TOKEN, type Admitted, type TokenAdmission } from './admission';
import { ANYBODY, type ServedGuest } from './servedGuest';
import { Tickets } from './tickets';

/** Somebody who was let in; whoever serves them disposes it. */
export interface Visit extends Disposable {
  readonly guest: ServedGuest;
  /** What they were let in for; absent where everybody is. */
  readonly credential?: Credential;
}

export type Admittance =
  | { readonly ok: true; readonly visit: Visit }
  /** `hasShown`: they said who they are, and were not believed. */
  | { readonly ok: false; readonly end: CredentialEnd; readonly hasShown: boolean };

/** What a request came with. */
export interface Shown {
  readonly headers: IncomingHttpHeaders;
  readonly connection: Socket;
}

export interface DoorkeeperOptions {
  /** Absent where no tokens are taken. */
  readonly tokens?: TokenAdmission;
  /** Tokens may be shown as tickets, where there are any. */
  readonly tickets?: Tickets;
  /** Absent where no certificates are looked at. */
  readonly certificates?: {
    /** Undefined where none was shown. */
    ofConnection(connection: Socket): Checked<Admitted> | undefined;
  };
  readonly makeGuest: () => ServedGuest;
}

const OPEN: Visit = { guest: ANYBODY, dispose() {} };

/** Decides for every face who is let in, and as whom. With neither tokens nor certificates everybody is. */
export class Doorkeeper {
  readonly #options: DoorkeeperOptions;

  constructor(options: DoorkeeperOptions) {
    this.#options = options;
  }

  /** Nobody is asked. */
  get isOpen(): boolean {
    return this.#options.tokens === undefined && this.#options.certificates === undefined;
  }

  get takesTokens(): boolean {
    return this.#options.tokens !== undefined;
  }

  get takesCertificates(): boolean {
    return this.#options.certificates !== undefined;
  }

  /** Never rejects, and ends by itself. A token counts before a certificate, since it was shown on purpose. */
  async admit({ headers, connection }: Shown): Promise<Admittance> {
    const { tokens, certificates, makeGuest } = this.#options;
    if (this.isOpen) {
      return { ok: true, visit: OPEN };
    }
    const checked =
      headers.authorization === undefined
        ? certificates?.ofConnection(connection)
        : tokens === undefined
          ? this.#nothingShown()
          : await this.#ofToken(tokens, bearerToken(headers));
    if (checked?.ok !== true) {
      return { ...(checked ?? this.#nothingShown()), hasShown: checked !== undefined };
    }
    const { credential } = checked;
    const guest = makeGuest();
    if (credential.identity !== undefined) {
      await guest.become(credential.identity);
    }
    return {
      ok: true,
      visit: {
        guest,
        credential,
        dispose: () => {
          credential.dispose();
          guest.dispose();
        },
      },
    };
  }

  newGuest(): ServedGuest {
    return this.#options.makeGuest();
  }

  /** Looks at a token or ticket that `guest` shows, at first or in place of another one, and what they may by it. */
  async check(shown: string, guest: ServedGuest): Promise<Checked> {
    const { tokens, tickets } = this.#options;
    if (tokens === undefined) {
      return this.#nothingShown();
    }
    const checked = await this.#ofToken(tokens, Tickets.isTicket(shown) ? tickets?.redeem(shown) : shown);
    if (checked.ok && checked.credential.identity !== undefined) {
      if (!(await guest.become(checked.credential.identity))) {
        checked.credential.dispose();
        return turnedAway(CLOSE_CODES.forbidden, 'the token is of another user: connect anew');
      }
      await guest.learn();
    }
    return checked;
  }

  async #ofToken(tokens: TokenAdmission, token: string | undefined): Promise<Checked<Admitted>> {
    return token === undefined || Tickets.isTicket(token) ? UNKNOWN_TOKEN : tokens.ofToken(token);
  }

  #nothingShown() {
    const { tokens, certificates } = this.#options;
    const wanted = [
      ...(tokens === undefined ? [] : ['a bearer token']),
      ...(certificates === undefined ? [] : ['a client certificate']),
    ];
    return turnedAway(CLOSE_CODES.unauthorised, `${wanted.join(' or ')} is needed`);
  }
}
