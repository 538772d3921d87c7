import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../../base/clock';
import { ProblemError } from '../../protocol/problem';

/** A page asks for one right before it connects. */
export const TICKET_MS = 30_000;
const PREFIX = 'ticket-';
/** Each is a few hundred bytes. */
const MAX_TICKETS = 10_000;
/** Of one token: whoever has it cannot keep the others from getting any. */
const MAX_OF_ONE_TOKEN = 100;
const SECRET_BYTES = 32;

interface Ticket {
  /** Of what has to be shown. */
  readonly digest: Buffer;
  readonly token: string;
  readonly endsAtMs: number;
}

/**
 * Tickets stand for a token once, for 30 s: a page sends its token in one request, whose header a browser lets it set, and shows
 * the ticket where it cannot set any. A ticket is found by its number and compared in constant time.
 */
export class Tickets {
  readonly #clock: Clock;
  /** In the order in which they end. */
  readonly #tickets = new Map<string, Ticket>();
  readonly #counts = new Map<string, number>();
  #issued = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether this was made to be one. */
  static isTicket(text: string): boolean {
    return text.startsWith(PREFIX);
  }

  /** Throws {@link ProblemError} `throttled` where too many are out. */
  issue(token: string): string {
    this.#expire();
    const count = this.#counts.get(token) ?? 0;
    if (this.#tickets.size >= MAX_TICKETS || count >= MAX_OF_ONE_TOKEN) {
      throw new ProblemError({ code: 'throttled', detail: 'too many tickets were not used yet' });
    }
    this.#issued += 1;
    const secret = randomBytes(SECRET_BYTES).toString('base64url');
    this.#tickets.set(String(this.#issued), {
      digest: digestOf(secret),
      token,
      endsAtMs: this.#clock.monotonic() + TICKET_MS,
    });
    this.#counts.set(token, count + 1);
    return `${PREFIX}${this.#issued}-${secret}`;
  }

  /** The token that a ticket stands for; undefined where it was used, or has ended, or never was one. */
  redeem(ticket: string): string | undefined {
    this.#expire();
    const [, number = '', secret = ''] = /^ticket-(\d+)-([\w-]+)$/.exec(ticket) ?? [];
    const found = this.#tickets.get(number);
    if (found === undefined || !timingSafeEqual(found.digest, digestOf(secret))) {
      return undefined;
    }
    this.#forget(number, found);
    return found.token;
  }

  #expire(): void {
    const now = this.#clock.monotonic();
    for (const [number, ticket] of this.#tickets) {
      if (ticket.endsAtMs > now) {
        return;
      }
      this.#forget(number, ticket);
    }
  }

  #forget(number: string, { token }: Ticket): void {
    this.#tickets.delete(number);
    const count = (this.#counts.get(token) ?? 0) - 1;
    if (count > 0) {
      this.#counts.set(token, count);
    } else {
      this.#counts.delete(token);
    }
  }
}

function digestOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
