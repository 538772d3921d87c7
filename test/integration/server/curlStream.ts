import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Readable } from 'node:stream';
import { once } from 'node:events';
import { until } from '../../support/testbed/until';

/** One event of a stream, as it was written. */
export interface StreamedEvent {
  readonly name: string;
  readonly id: string | undefined;
  readonly data: string;
}

/** The real curl, with a stream that it does not buffer. */
export class CurlStream {
  readonly ended: Promise<void>;
  readonly #process: ChildProcessByStdio<null, Readable, Readable>;
  #text = '';
  #errors = '';

  constructor(url: string, headers: Readonly<Record<string, string>> = {}) {
    const args = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
    this.#process = spawn('curl', ['-N', '-sS', '-i', ...args, url], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#process.stdout.on('data', (chunk: Buffer) => (this.#text += chunk.toString()));
    this.#process.stderr.on('data', (chunk: Buffer) => (this.#errors += chunk.toString()));
    this.ended = once(this.#process, 'close').then(() => undefined);
  }

  /** Everything that came, the header among it. */
  get text(): string {
    return this.#text;
  }

  /** Events that are complete. */
  get events(): StreamedEvent[] {
    const body = this.#text.split(/\r?\n\r?\n/).slice(1, -1);
    return body.flatMap((block) => {
      const valuesOf = (field: string): string[] =>
        block
          .split('\n')
          .filter((line) => line.startsWith(`${field}: `))
          .map((line) => line.slice(field.length + 2));
      const data = valuesOf('data');
      return data.length === 0
        ? []
        : [{ name: valuesOf('event')[0] ?? 'message', id: valuesOf('id')[0], data: data.join('\n') }];
    });
  }

  /** What a client sends as `Last-Event-ID` that comes again. */
  get lastEventId(): string {
    return this.events.map(({ id }) => id).findLast((id) => id !== undefined) ?? '';
  }

  async untilEvent(what: string, isIt: (event: StreamedEvent) => boolean): Promise<StreamedEvent> {
    return until(`the stream tells ${what}`, () => this.events.find(isIt) ?? false, {
      deadlineMs: 20_000,
      pollMs: 20,
      failure: () => (this.events.some(isIt) ? undefined : this.#failure()),
    });
  }

  /** Cuts the connection. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#process.kill('SIGKILL');
    await this.ended;
  }

  #failure(): string | undefined {
    return this.#process.exitCode === null
      ? undefined
      : `curl ended: ${this.#errors}${this.#text.slice(-500)}`;
  }
}
