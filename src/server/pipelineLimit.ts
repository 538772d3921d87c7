import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Nobody asks for more before the first answer came; each may hold a piece of a long list. */
const MAX_UNANSWERED = 16;

/** Counts what one connection has asked and was not answered yet. */
export class PipelineLimit {
  readonly #unanswered = new WeakMap<Socket, number>();

  /** Counts a request until its answer is through; false where it is one too many. */
  take(socket: Socket, response: ServerResponse): boolean {
    const count = (this.#unanswered.get(socket) ?? 0) + 1;
    this.#unanswered.set(socket, count);
    response.once('close', () => this.#unanswered.set(socket, (this.#unanswered.get(socket) ?? 1) - 1));
    return count <= MAX_UNANSWERED;
  }
}
