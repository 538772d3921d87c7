import type { Disposable } from '../base/disposable';
import type { Event } from '../base/emitter';

/**
 * A two-way pipe of messages that arrive whole and in order, or not at all. `Out` is what this side sends; what comes in
 * is undecoded. After `dispose`, or once the other side is gone, `send` does nothing and `onClose` has fired once.
 */
export interface Channel<Out> extends Disposable {
  send(message: Out): void;
  readonly onMessage: Event<unknown>;
  readonly onClose: Event<void>;
}

/**
 * A channel that outlives its connections. While none is open `send` does nothing. Each connection has another side that
 * knows nothing of what was said over the one before, so whoever uses the channel begins anew whenever it opens.
 */
export interface ReconnectingChannel<Out> extends Channel<Out> {
  readonly isOpen: boolean;
  /** Nothing longer is carried, in bytes of UTF-8. */
  readonly maxMessageBytes: number;
  /** Fires after each opening and after each loss, with what `isOpen` is since then. */
  readonly onOpenChanged: Event<boolean>;
}
