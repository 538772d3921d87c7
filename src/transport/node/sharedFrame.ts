import type { ServerMessage } from '../../protocol/messages';
import { textFrame } from './textFrame';

/** The frame of the message that was sent last: a hub sends many clients one and the same, one after the other. */
export class SharedFrame {
  #message: ServerMessage | undefined;
  #frame: Buffer | undefined;

  /** `message` must not be changed afterwards. */
  of(message: ServerMessage): Buffer {
    if (this.#frame === undefined || this.#message !== message) {
      this.#message = message;
      this.#frame = textFrame(JSON.stringify(message));
    }
    return this.#frame;
  }
}
