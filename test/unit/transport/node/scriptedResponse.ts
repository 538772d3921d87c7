import { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';

/** An answer to a client that reads as a test has it read. */
export class ScriptedResponse {
  readonly response: ServerResponse;
  readonly #socket: Duplex;
  #text = '';
  #isReading = true;
  #waiting: { readonly text: string; readonly done: () => void } | undefined;

  constructor() {
    this.#socket = new Duplex({
      highWaterMark: 1,
      read: () => undefined,
      write: (chunk: Buffer, _, done) => {
        const waiting = { text: chunk.toString(), done: () => done() };
        if (this.#isReading) {
          this.#take(waiting);
        } else {
          this.#waiting = waiting;
        }
      },
    });
    const socket = this.#socket as unknown as Socket;
    // Of a version without chunks, so that what is sent is what was written.
    this.response = new ServerResponse(new IncomingMessage(socket));
    this.response.assignSocket(socket);
  }

  /** Everything after the header that the client has read since the last call. */
  takeText(): string {
    const header = this.#text.indexOf('\r\n\r\n');
    const text = this.#text.startsWith('HTTP/') ? this.#text.slice(header + 4) : this.#text;
    this.#text = '';
    return text;
  }

  /** The events that the client has read since the last call; comments are none. */
  takeEvents(): { readonly name: string; readonly id: string | undefined; readonly data: unknown }[] {
    return this.takeText()
      .split('\n\n')
      .filter((block) => block.includes('\ndata: '))
      .map((block) => {
        const fieldOf = (field: string): string | undefined =>
          block
            .split('\n')
            .find((line) => line.startsWith(`${field}: `))
            ?.slice(field.length + 2);
        return {
          name: fieldOf('event') ?? '',
          id: fieldOf('id'),
          data: JSON.parse(fieldOf('data') ?? '') as unknown,
        };
      });
  }

  get isCut(): boolean {
    return this.#socket.destroyed;
  }

  get isEnded(): boolean {
    return this.response.writableEnded;
  }

  stopReading(): void {
    this.#isReading = false;
  }

  readOn(): void {
    this.#isReading = true;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting !== undefined) {
      this.#take(waiting);
    }
  }

  /** The connection is gone. */
  cut(): void {
    this.#socket.destroy();
  }

  #take({ text, done }: { readonly text: string; readonly done: () => void }): void {
    this.#text += text;
    done();
  }
}
