/** What is asked of a cluster. */
export interface KubeRequest {
  /** Defaults to GET. */
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  /** Bytes for what is no text, such as protobuf. */
  readonly body?: string | Uint8Array;
  /** Ends the request, and the body while it streams; both then reject with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** An answer of any status. Whoever gets one must read `body` to its end, leave its loop early, or abort the request. */
export interface KubeResponse {
  readonly status: number;
  /** Case-insensitive. */
  header(name: string): string | undefined;
  /**
   * The decompressed body in chunks of arbitrary size, once. It ends at a clean end of stream, and throws
   * {@link KubeTransportError} when the connection breaks. There is no time-out on silence: watches are silent by nature.
   */
  readonly body: AsyncIterable<Uint8Array>;
}

/**
 * The one seam to a cluster: an authenticated HTTP exchange with a Kubernetes API server. `path` starts with `/` and
 * carries its query. Any HTTP status is an answer; {@link KubeTransportError} means that none came.
 */
export type KubeFetch = (path: string, request?: KubeRequest) => Promise<KubeResponse>;

/**
 * - `unreachable`: refused, reset, no route, or no answer in time
 * - `dns`: the server's name could not be resolved
 * - `tls`: the certificate is not trusted or the handshake failed
 * - `proxy`: the proxy refused or failed
 * - `credentials`: the credentials could not be made (plugin missing or failing, unreadable key, consent withheld)
 * - `closed`: the connection broke in mid-answer, or its owner was disposed
 */
export type KubeTransportErrorCode = 'unreachable' | 'dns' | 'tls' | 'proxy' | 'credentials' | 'closed';

const NAME = 'KubeTransportError';

/** No answer came from the cluster. The message is technical, one line, and free of secrets. */
export class KubeTransportError extends Error {
  readonly code: KubeTransportErrorCode;

  constructor(code: KubeTransportErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = NAME;
    this.code = code;
  }
}

/** Recognises the error by name, since bundles that are loaded apart each have a class of their own. */
export function isKubeTransportError(error: unknown): error is KubeTransportError {
  return error instanceof Error && error.name === NAME && 'code' in error;
}
