import type { KubeResponse } from '../../base/kubeFetch';
import type { ApiStatus } from '../apiServer/apiStatus';

const encoder = new TextEncoder();

function failure(code: number, reason: string, message: string): ApiStatus {
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code };
}

const EXPIRED = failure(
  410,
  'Expired',
  'The resourceVersion is too old: what happened since is not remembered',
);
const FORBIDDEN = failure(403, 'Forbidden', 'forbidden: the permission was revoked');
const FAILED = failure(500, 'InternalError', 'Internal error occurred: etcdserver: request timed out');

const JSON_HEADERS: Readonly<Record<string, string>> = { 'content-type': 'application/json' };

function answer(status: number, text: string, headers = JSON_HEADERS): KubeResponse {
  async function* body(): AsyncGenerator<Uint8Array, void, void> {
    yield encoder.encode(text);
  }
  return { status, header: (name) => headers[name.toLowerCase()], body: body() };
}

function statusAnswer(status: ApiStatus): KubeResponse {
  return answer(status.code, `${JSON.stringify(status)}\n`);
}

/** 410: the revision is no longer known. */
export function expiredAnswer(): KubeResponse {
  return statusAnswer(EXPIRED);
}

/** The same within a watch. */
export function expiredLine(): Uint8Array {
  return encoder.encode(`${JSON.stringify({ type: 'ERROR', object: EXPIRED })}\n`);
}

export function forbiddenAnswer(): KubeResponse {
  return statusAnswer(FORBIDDEN);
}

export function failedAnswer(): KubeResponse {
  return statusAnswer(FAILED);
}

/** 429 as kube-apiserver's request limits give it: in plain text. */
export function throttledAnswer(retryAfterSeconds: number): KubeResponse {
  return answer(429, 'Too many requests, please try again later.\n', {
    'content-type': 'text/plain; charset=utf-8',
    'retry-after': String(retryAfterSeconds),
  });
}

/** What a faulty proxy might put into a stream; half a line spoils the line that follows it. */
export function garbage(kind: 'line' | 'halfLine'): Uint8Array {
  return encoder.encode(kind === 'line' ? '{"type":"MODIFIED","object":<html>\n' : '{"type":"MODIFIED","obj');
}
