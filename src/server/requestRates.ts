import type { Clock } from '../base/clock';
import { MessageRate } from '../transport/node/messageRate';
import { peerOf } from './peer';

/** What a page asks for at once when it is opened, or an editor that has to poll, comes together after a pause. */
const BURST_S = 5;
/** Said to whoever asks too often. */
export const TOO_OFTEN = 'too many requests from one address';
/** From how many peers on those are looked for that have not asked for so long that they may ask at once again. */
const MANY_PEERS = 1_000;

interface Peer {
  readonly rate: MessageRate;
  lastMs: number;
}

/** How often one peer may ask over HTTP, also for a WebSocket; see {@link peerOf} for what that is. */
export class RequestRates {
  readonly #clock: Clock;
  readonly #perSecond: number;
  /** Those that asked last at the end. */
  readonly #peers = new Map<string, Peer>();
  #refused = 0;

  constructor(clock: Clock, perSecond: number) {
    this.#clock = clock;
    this.#perSecond = perSecond;
  }

  /** Requests that were one too many. */
  get refused(): number {
    return this.#refused;
  }

  /** Peers that are remembered. */
  get peers(): number {
    return this.#peers.size;
  }

  /** Counts a request; false where it is one too many. */
  take(address: string | undefined): boolean {
    const name = peerOf(address);
    const now = this.#clock.monotonic();
    const peer = this.#peers.get(name) ?? {
      rate: new MessageRate(this.#clock, { perSecond: this.#perSecond, burst: this.#perSecond * BURST_S }),
      lastMs: now,
    };
    peer.lastMs = now;
    this.#peers.delete(name);
    this.#peers.set(name, peer);
    if (this.#peers.size > MANY_PEERS) {
      this.#forget(now - BURST_S * 1_000);
    }
    const isTaken = peer.rate.take();
    if (!isTaken) {
      this.#refused += 1;
    }
    return isTaken;
  }

  #forget(beforeMs: number): void {
    for (const [name, { lastMs }] of this.#peers) {
      if (lastMs > beforeMs) {
        return;
      }
      this.#peers.delete(name);
    }
  }
}
