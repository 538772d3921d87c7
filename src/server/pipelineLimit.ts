import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Nobody asks for more before the first answer came; each may hold a piece of a long list. */
const MAX_UNANSWERED = 16;

/**
 * Counts what one connection has asked and was not answered yet. When the connection is gone each of its answers is closed, also
 * those that waited for their turn: up to Node.js 22 nobody else says so of them, and what was taken for them would stay for ever.
 */
export class PipelineLimit {
  readonly #unanswered = new WeakMap<Socket, Set<ServerResponse>>();

  /** Counts a request until its answer is through; false where it is one too many. */
  take(socket: Socket, response: ServerResponse): boolean {
    const unanswered = this.#of(socket);
    unanswered.add(response);
    response.once('close', () => unanswered.delete(response));
    return unanswered.size <= MAX_UNANSWERED;
  }

  #of(socket: Socket): Set<ServerResponse> {
    const known = this.#unanswered.get(socket);
    if (known !== undefined) {
      return known;
    }
    const unanswered = new Set<ServerResponse>();
    this.#unanswered.set(socket, unanswered);
    socket.once('close', () => {
      // Once all were told whom Node.js tells.
      queueMicrotask(() => [...unanswered].forEach((response) => response.emit('close')));
    });
    return unanswered;
  }
}
