import { isRecord } from '../base/jsonRecord';
import { KubeTransportError, type KubeResponse, type KubeTransportErrorCode } from '../base/kubeFetch';
import { decode } from '../protocol/messages';
import { ProblemError, type Problem } from '../protocol/problem';
import { problemFromError } from '../protocol/problemFromError';
import { relayedHeadSchema } from '../protocol/requests';
import type { HttpAnswer } from '../transport/web/httpFetch';
import { HubHttpError, pathSegment, type HubHttp } from '../transport/web/hubHttp';

const LINE_FEED = 0x0a;
/** The line before the answer has some dozen characters. */
const MAX_HEAD_BYTES = 4_096;
const NOT_FOUND = 404;

/** A read of a cluster through a hub, as a stream of its own. Rejects and throws as a {@link KubeFetch} of a hub does. */
export async function overHttp(
  http: HubHttp,
  { source, path }: { readonly source: string; readonly path: string },
  signal: AbortSignal,
): Promise<KubeResponse> {
  try {
    const url = `/api/v1/sources/${pathSegment(source) ?? ''}/kube?${new URLSearchParams({ path }).toString()}`;
    const answer = await http.open({ method: 'GET', path: url }, signal);
    const reader = new HeadedReader(answer);
    const { status, retryAfter } = await reader.head().catch(async (error: unknown) => {
      // What is still coming is nobody's.
      await reader.cancel();
      throw error;
    });
    return {
      status,
      header: (name) => (name.toLowerCase() === 'retry-after' ? retryAfter : undefined),
      body: reader.body(signal),
    };
  } catch (error) {
    signal.throwIfAborted();
    throw isTooOld(error)
      ? new ProblemError({ code: 'unsupported', detail: 'the hub is too old to hand this on' }, error)
      : asOfFetch(error);
  }
}

/** What kept an answer from coming, in the words of the seam: whoever asks a cluster itself tries such things again. */
export function asOfFetch(error: unknown): Error {
  const problem = problemFromError(error);
  if (problem.code === 'unknownMessage') {
    return new ProblemError({ code: 'unsupported', detail: 'the hub is too old to hand this on' }, error);
  }
  return isTransport(problem)
    ? new KubeTransportError(problem.code, problem.detail, error)
    : new ProblemError(problem, error);
}

/** A route that the hub does not know is no source that it does not know. */
function isTooOld(error: unknown): boolean {
  return error instanceof HubHttpError && error.status === NOT_FOUND && !error.isNamed;
}

/** A body with a line of JSON before it. */
class HeadedReader {
  readonly #reader: ReturnType<NonNullable<HttpAnswer['body']>['getReader']> | undefined;
  #rest: Uint8Array = new Uint8Array();

  constructor({ body }: HttpAnswer) {
    this.#reader = body?.getReader();
  }

  async head() {
    let bytes = new Uint8Array();
    for (;;) {
      const end = bytes.indexOf(LINE_FEED);
      if (end >= 0) {
        this.#rest = bytes.subarray(end + 1);
        const decoded = decode(relayedHeadSchema, parse(new TextDecoder().decode(bytes.subarray(0, end))));
        if (!decoded.ok) {
          throw new ProblemError(decoded.problem);
        }
        return decoded.value;
      }
      const piece = await this.#reader?.read();
      if (piece?.value === undefined || bytes.length > MAX_HEAD_BYTES) {
        throw new ProblemError({
          code: 'malformed',
          detail: 'the hub did not say what the cluster answered',
        });
      }
      const joined = new Uint8Array(bytes.length + piece.value.length);
      joined.set(bytes);
      joined.set(piece.value, bytes.length);
      bytes = joined;
    }
  }

  async *body(signal: AbortSignal): AsyncGenerator<Uint8Array, void, void> {
    try {
      if (this.#rest.length > 0) {
        yield this.#rest;
      }
      for (;;) {
        signal.throwIfAborted();
        const piece = await this.#reader?.read();
        if (piece === undefined || piece.done || piece.value === undefined) {
          return;
        }
        yield piece.value;
      }
    } catch (error) {
      signal.throwIfAborted();
      throw new KubeTransportError('closed', 'the connection to the hub was lost', error);
    } finally {
      await this.cancel();
    }
  }

  /** Never rejects. */
  async cancel(): Promise<void> {
    await this.#reader?.cancel().catch(() => undefined);
  }
}

function parse(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const TRANSPORT_CODES: ReadonlySet<string> = new Set<KubeTransportErrorCode>([
  'unreachable',
  'dns',
  'tls',
  'proxy',
  'closed',
]);

function isTransport(problem: Problem): problem is Problem & { readonly code: KubeTransportErrorCode } {
  return TRANSPORT_CODES.has(problem.code);
}
