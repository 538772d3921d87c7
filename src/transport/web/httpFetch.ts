/** The part of an answer that is used: those of every platform's `fetch` have it. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  readonly body: ByteStream | null;
}

interface ByteStream {
  getReader(): ByteReader;
}

interface ByteReader {
  read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }>;
  cancel(): Promise<void>;
}

export interface HttpOptions {
  readonly method: 'GET' | 'POST';
  /** JSON. */
  readonly body?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** What redirects is a page to sign in, and must not be shown a token. */
  readonly redirect: 'manual';
  readonly credentials: 'omit';
  readonly cache: 'no-store';
}

/** The platform's `fetch`, or another that speaks for it. */
export type HttpFetch = (url: string, options: HttpOptions) => Promise<HttpAnswer>;
