import { WebSocket } from 'ws';
import { CLOSE_CODES } from '../../protocol/closeCodes';

/** What the library says of a message in too many pieces; to a client it means that it may not come at all. */
const POLICY_VIOLATION = 1008;

/** Reasons for what the library closes by itself, which gives none. */
const REASONS: ReadonlyMap<number, string> = new Map([
  [CLOSE_CODES.protocolError, 'this is not how WebSocket is spoken'],
  [CLOSE_CODES.invalidText, 'the text is not UTF-8'],
  [CLOSE_CODES.tooBig, 'the message is too long'],
]);

/** A WebSocket that says why it is closed, also where the library closes it. */
export class ReasonedWebSocket extends WebSocket {
  override close(code?: number, reason?: string | Buffer): void {
    if (code === POLICY_VIOLATION && reason === undefined) {
      super.close(CLOSE_CODES.tooMany, 'the message comes in too many pieces');
    } else {
      super.close(code, reason ?? (code === undefined ? undefined : REASONS.get(code)));
    }
  }
}
