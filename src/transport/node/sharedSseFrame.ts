import type { HubEvent } from '../../protocol/hubEvent';
import type { ServerMessage } from '../../protocol/messages';
import { NO_CURSOR } from '../../protocol/streamMessages';
import { sseText } from './sseText';

type Frame = Extract<ServerMessage, { type: 'events' }>;

/** The frame that was sent last, as it is streamed: a hub sends many clients one and the same, one after the other. */
export class SharedSseFrame {
  #frame: Frame | undefined;
  #bytes: Buffer | undefined;

  /** `frame` must not be changed afterwards. */
  of(frame: Frame): Buffer {
    if (this.#bytes === undefined || this.#frame !== frame) {
      this.#frame = frame;
      this.#bytes = Buffer.from(frame.events.map(textOf).join(''));
    }
    return this.#bytes;
  }
}

/** The cursor is the id, and stands nowhere else. */
function textOf({ cursor, ...event }: HubEvent): string {
  return sseText(event.type, JSON.stringify(event), cursor === '' ? NO_CURSOR : cursor);
}
