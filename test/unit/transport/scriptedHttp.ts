import type { HttpAnswer, HttpFetch, HttpOptions } from '../../../src/transport/web/httpFetch';

export interface RecordedHttp {
  readonly url: string;
  readonly options: HttpOptions;
}

type Answer = HttpAnswer | Error | Promise<HttpAnswer>;

/** A server over HTTP, in the hands of a test. */
export class ScriptedHttp {
  readonly requests: RecordedHttp[] = [];
  /** What a request is answered with; one that throws is a connection that fails. */
  answer: (path: string) => Answer = () => json({});

  readonly fetch: HttpFetch = async (url, options) => {
    this.requests.push({ url, options });
    const answer = this.answer(url.replace(/^https?:\/\/[^/]+/, ''));
    if (answer instanceof Error) {
      throw answer;
    }
    return answer;
  };

  /** The paths that were asked for since the last call. */
  takePaths(): string[] {
    return this.requests.splice(0).map(({ url }) => url.replace(/^https?:\/\/[^/]+/, ''));
  }
}

export function json(value: unknown, status = 200, headers: Record<string, string> = {}): HttpAnswer {
  return new Response(JSON.stringify(value), { status, headers });
}

export function text(value: string, status = 200, headers: Record<string, string> = {}): HttpAnswer {
  return new Response(value, { status, headers });
}

/** Never comes. */
export function never(): Promise<HttpAnswer> {
  return new Promise(() => {});
}

/** A body of so many bytes that it may not be held, made as it is read. */
export function endless(status = 200): HttpAnswer & { readonly readBytes: () => number } {
  const chunk = new Uint8Array(4 * 1024 * 1024).fill(0x20);
  let bytes = 0;
  const read = (): Promise<{ done: boolean; value: Uint8Array }> => {
    bytes += chunk.byteLength;
    return Promise.resolve({ done: false, value: chunk });
  };
  return {
    status,
    headers: { get: () => null },
    body: { getReader: () => ({ read, cancel: () => Promise.resolve() }) },
    readBytes: () => bytes,
  };
}
