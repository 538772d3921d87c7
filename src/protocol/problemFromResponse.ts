import type { KubeResponse } from '../base/kubeFetch';
import { parseKubeStatus, type KubeStatus } from '../base/kubeStatus';
import { redactServerText } from '../base/redact';
import type { Problem, ProblemCode } from './problem';

/** Why an answer is not the one asked for, and what else it said. */
export interface ResponseProblem {
  readonly problem: Problem;
  /** Milliseconds the server asks to be left alone: `Retry-After` in its seconds form, else the Status' own field. */
  readonly retryAfterMs?: number;
  /** Absent where the body was no `meta/v1` Status. */
  readonly kubeStatus?: KubeStatus;
}

/** A Status is a few hundred bytes; a proxy's error page is read this far and dropped. */
const MAX_BODY_BYTES = 64 * 1024;
const MAX_DETAIL_CHARS = 400;

/**
 * Explains an answer whose status is not 2xx, and releases its connection. Reads at most 64 KiB of the body; a body that
 * breaks off or never ends its first 64 KiB counts as far as it came, so only the request's own abort signal makes this
 * reject. A 404 with a Status is an object that is not there (`notFound`); one without is a path that the server does not
 * serve (`notInstalled`).
 */
export async function problemFromResponse(
  response: KubeResponse,
  signal?: AbortSignal,
): Promise<ResponseProblem> {
  const body = await readHead(response.body);
  signal?.throwIfAborted();
  const kubeStatus = parseKubeStatus(body);
  const retryAfterMs = retryAfter(response.header('retry-after'), kubeStatus);
  return {
    problem: problemFromStatus(response.status, kubeStatus, body),
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(kubeStatus === undefined ? {} : { kubeStatus }),
  };
}

/** The same for a Status that came by itself, e.g. in a watch's ERROR event. `body` is quoted where there is no Status. */
export function problemFromStatus(
  httpStatus: number,
  kubeStatus: KubeStatus | undefined,
  body = '',
): Problem {
  const said =
    kubeStatus === undefined
      ? body.replace(/^\s*<.*$/s, '')
      : (kubeStatus.message ?? kubeStatus.reason ?? '');
  const detail = redactServerText(said, MAX_DETAIL_CHARS);
  return {
    code: codeOf(httpStatus, kubeStatus),
    detail: detail === '' ? `HTTP ${httpStatus}` : `HTTP ${httpStatus}: ${detail}`,
  };
}

function codeOf(httpStatus: number, kubeStatus: KubeStatus | undefined): ProblemCode {
  switch (httpStatus) {
    case 401:
      return 'unauthorized';
    case 403:
      return 'forbidden';
    case 404:
      return kubeStatus === undefined ? 'notInstalled' : 'notFound';
    case 407:
      return 'proxy';
    case 410:
      return 'expired';
    case 429:
      return 'throttled';
    default:
      if (httpStatus >= 500) {
        return 'serverError';
      }
      // 1xx to 3xx: the Kubernetes API does not redirect; a login page in front of it does.
      return httpStatus >= 400 ? 'badRequest' : 'malformed';
  }
}

function retryAfter(header: string | undefined, kubeStatus: KubeStatus | undefined): number | undefined {
  const seconds =
    header !== undefined && /^\d{1,9}$/.test(header.trim()) ? Number(header) : kubeStatus?.retryAfterSeconds;
  return seconds === undefined || seconds < 0 ? undefined : seconds * 1000;
}

async function readHead(body: AsyncIterable<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  try {
    for await (const chunk of body) {
      bytes += chunk.byteLength;
      text += decoder.decode(chunk, { stream: true });
      if (bytes >= MAX_BODY_BYTES) {
        break;
      }
    }
  } catch {
    // The status says enough; what could be read of the body is only its explanation.
  }
  return text;
}
