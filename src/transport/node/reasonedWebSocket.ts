import { WebSocket, type RawData } from 'ws';
import { CLOSE_CODES } from '../../protocol/closeCodes';

/** What the library says of a message in too many pieces; to a client it means that it may not come at all. */
const POLICY_VIOLATION = 1008;

/** Reasons for what the library closes by itself, which gives none. */
const REASONS: ReadonlyMap<number, string> = new Map([
  [CLOSE_CODES.protocolError, 'this is not how WebSocket is spoken'],
  [CLOSE_CODES.invalidText, 'the text is not UTF-8'],
  [CLOSE_CODES.tooBig, 'the message is too long'],
]);

/** Is told of everything that happens to one WebSocket. */
export interface SocketListener {
  message(data: RawData, isBinary: boolean): void;
  /** The other side sent a ping or a pong. */
  control(isPong: boolean): void;
  /** Called once, whoever closed it. */
  closed(): void;
  /** It is closed next. */
  failed(error: Error): void;
}

/** A WebSocket that says why it is closed, also where the library closes it. */
export class ReasonedWebSocket extends WebSocket {
  #listener: SocketListener | undefined;

  /** In place of the one before. Of thousands of sockets each has a listener, and none has functions of its own. */
  listen(listener: SocketListener): void {
    if (this.#listener === undefined) {
      this.on('message', onMessage);
      this.on('ping', onPing);
      this.on('pong', onPong);
      this.on('close', onClosed);
      this.on('error', onFailed);
    }
    this.#listener = listener;
  }

  override close(code?: number, reason?: string | Buffer): void {
    if (code === POLICY_VIOLATION && reason === undefined) {
      super.close(CLOSE_CODES.tooMany, 'the message comes in too many pieces');
    } else {
      super.close(code, reason ?? (code === undefined ? undefined : REASONS.get(code)));
    }
  }

  get listener(): SocketListener | undefined {
    return this.#listener;
  }
}

function listenerOf(socket: WebSocket): SocketListener | undefined {
  return socket instanceof ReasonedWebSocket ? socket.listener : undefined;
}

function onMessage(this: WebSocket, data: RawData, isBinary: boolean): void {
  listenerOf(this)?.message(data, isBinary);
}

function onPing(this: WebSocket): void {
  listenerOf(this)?.control(false);
}

function onPong(this: WebSocket): void {
  listenerOf(this)?.control(true);
}

function onClosed(this: WebSocket): void {
  listenerOf(this)?.closed();
}

function onFailed(this: WebSocket, error: Error): void {
  listenerOf(this)?.failed(error);
}
