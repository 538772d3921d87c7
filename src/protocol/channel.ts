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
