import type { KubeFetch, KubeRequest, KubeResponse } from '../../../src/base/kubeFetch';

/** What a scripted server answers: a body by itself, or a whole answer, or the failure of the exchange. */
export type Answer =
  | string
  | ScriptedBody
  | { readonly status: number; readonly body: string; readonly headers?: Record<string, string> }
  | Error;

export interface AskedRequest {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly request: KubeRequest | undefined;
}

/** A body that a test writes, ends or breaks at will. */
export class ScriptedBody implements AsyncIterable<Uint8Array> {
  readonly #queue: (Uint8Array | Error | undefined)[] = [];
  #wake: (() => void) | undefined;

  write(text: string | Uint8Array): this {
    return this.#push(typeof text === 'string' ? new TextEncoder().encode(text) : text);
  }

  end(): this {
    return this.#push(undefined);
  }

  fail(error: Error): this {
    return this.#push(error);
  }

  #push(item: Uint8Array | Error | undefined): this {
    this.#queue.push(item);
    this.#wake?.();
    return this;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
    for (;;) {
      while (this.#queue.length === 0) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
      const item = this.#queue.shift();
      if (item === undefined) {
        return;
      }
      if (item instanceof Error) {
        throw item;
      }
      yield item;
    }
  }
}

/** A {@link KubeFetch} that gives its answers in order and remembers what it was asked. Asked once too often, it throws. */
export function scriptedKube(...answers: Answer[]): { fetch: KubeFetch; asked: AskedRequest[] } {
  const asked: AskedRequest[] = [];
  const fetch: KubeFetch = (path, request) => {
    const url = new URL(path, 'http://cluster');
    asked.push({ path: url.pathname, query: url.searchParams, request });
    const answer = answers.shift();
    if (answer === undefined) {
      return Promise.reject(new Error(`unexpected request: ${path}`));
    }
    if (answer instanceof Error) {
      return Promise.reject(answer);
    }
    return Promise.resolve(toResponse(answer, request?.signal));
  };
  return { fetch, asked };
}

function toResponse(answer: Exclude<Answer, Error>, signal: AbortSignal | undefined): KubeResponse {
  if (typeof answer === 'string') {
    return response(200, new ScriptedBody().write(answer).end(), {});
  }
  if (answer instanceof ScriptedBody) {
    signal?.addEventListener('abort', () => {
      const reason: unknown = signal.reason;
      answer.fail(reason instanceof Error ? reason : new Error('aborted'));
    });
    return response(200, answer, {});
  }
  return response(answer.status, new ScriptedBody().write(answer.body).end(), answer.headers ?? {});
}

function response(
  status: number,
  body: AsyncIterable<Uint8Array>,
  headers: Record<string, string>,
): KubeResponse {
  return { status, header: (name) => headers[name.toLowerCase()], body };
}
