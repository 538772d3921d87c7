import type { KubeTransportErrorCode } from '../../../src/base/kubeFetch';

/** What the server does instead of answering in earnest. */
export type Play =
  /** An answer with a body, ended cleanly. */
  | {
      readonly type: 'answer';
      readonly status: number;
      readonly body: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** 200 and these chunks; afterwards the ending that is given. */
  | {
      readonly type: 'stream';
      readonly chunks: readonly (string | Uint8Array)[];
      readonly ending: 'end' | 'cut' | 'silence';
    }
  /** 200 and whatever the test writes. */
  | { readonly type: 'body'; readonly body: AsyncIterable<Uint8Array> }
  /** No answer, ever. */
  | { readonly type: 'hang' }
  /** No connection. */
  | { readonly type: 'refuse'; readonly code: KubeTransportErrorCode };

export interface StatusFields {
  readonly code: number;
  readonly reason: string;
  readonly message: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** A `meta/v1` Status as JSON. */
export function statusText(fields: StatusFields): string {
  return JSON.stringify({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', ...fields });
}

export const PLAIN_404: Play = {
  type: 'answer',
  status: 404,
  body: '404 page not found\n',
  headers: { 'content-type': 'text/plain; charset=utf-8' },
};

/** An answer whose body is a Status. */
export function playStatus(
  code: number,
  reason: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): Play {
  return { type: 'answer', status: code, body: statusText({ code, reason, message }), headers };
}

/** A watch that answers 200 and sends these lines; then it stays open and silent, or ends. */
export function playLines(lines: readonly string[], ending: 'end' | 'cut' | 'silence' = 'silence'): Play {
  return { type: 'stream', chunks: lines.map((line) => `${line}\n`), ending };
}

/** The ERROR event of a watch. */
export function errorLine(fields: StatusFields): string {
  return `{"type":"ERROR","object":${statusText(fields)}}`;
}

/** The bookmark behind the initial events of a watch. */
export function initialEventsEnd(version: number): string {
  const metadata = {
    resourceVersion: String(version),
    annotations: { 'k8s.io/initial-events-end': 'true' },
  };
  return JSON.stringify({ type: 'BOOKMARK', object: { kind: 'ClusterPersona', metadata } });
}
