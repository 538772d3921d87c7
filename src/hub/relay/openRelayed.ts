import { isKubeTransportError } from '../../base/kubeFetch';
import { relayedRead, type RelayedRead } from '../../kube/relayedRead';
import { ProblemError, type Problem } from '../../protocol/problem';
import { problemFromError } from '../../protocol/problemFromError';
import { problemFromResponse } from '../../protocol/problemFromResponse';
import { ChildAbort } from '../../informer/childAbort';
import { logsOf, METRIC_ACCESS, PERSONA_ACCESS, type Access } from '../guest';
import type { GuestHub } from '../guestHub';
import { relayedText } from './relayedText';

const UNAUTHORIZED = 401;

/** What a cluster answered, on its way to a client of this hub. */
export interface Relayed {
  readonly status: number;
  /** As the header has it. */
  readonly retryAfter: string | undefined;
  /** Whether it goes on for as long as something happens. */
  readonly isEndless: boolean;
  /** Throws what {@link ofCluster} explains. */
  readonly texts: AsyncIterable<string>;
}

/**
 * Reads of a source's cluster what {@link relayedRead} and the guest's own rights allow, with the credentials of this hub, and
 * no longer than the guest has these rights. Rejects with a {@link ProblemError}, or with the signal's reason.
 */
export async function openRelayed(
  { hub, guest }: GuestHub,
  { source, path }: { readonly source: string; readonly path: string },
  signal: AbortSignal,
): Promise<Relayed> {
  const read = relayedRead(path);
  if (read === undefined) {
    throw new ProblemError({
      code: 'forbidden',
      detail: 'a hub hands on pods, their logs and what nodes use',
    });
  }
  hub.requireSource(source);
  const access = accessTo(read);
  await guest.require(source, access);
  signal.throwIfAborted();
  const owner = hub.requireSource(source);
  const abort = new ChildAbort(signal);
  const held = guest.hold(source, access, (problem) => abort.abort(new ProblemError(problem)));
  const release = (): void => {
    held.dispose();
    abort.dispose();
    signal.removeEventListener('abort', release);
  };
  signal.addEventListener('abort', release, { once: true });
  try {
    if (read.resource === 'nodes') {
      const { status, retryAfter, text } = await hub.sharedReads.get(owner, path, signal);
      release();
      if (status === UNAUTHORIZED) {
        throw refusedHub();
      }
      return { status, retryAfter, isEndless: false, texts: onlyOne(text) };
    }
    const response = await owner.fetch()(path, { signal: abort.signal });
    abort.signal.throwIfAborted();
    if (response.status === UNAUTHORIZED) {
      const { problem } = await problemFromResponse(response, signal);
      throw refusedHub(problem.detail);
    }
    return {
      status: response.status,
      retryAfter: response.header('retry-after'),
      isEndless: read.isEndless && response.status === 200,
      texts: released(relayedText(response, read), abort.signal, release),
    };
  } catch (error) {
    release();
    throw ofCluster(error);
  }
}

/** What somebody has to be allowed who reads this. */
function accessTo(read: RelayedRead): Access {
  switch (read.resource) {
    case 'nodes':
      return METRIC_ACCESS;
    case 'identity':
      return PERSONA_ACCESS;
    case 'workload':
    case 'pods':
      return { type: 'pods', namespace: read.namespace };
    case 'log':
      return logsOf({ namespace: read.namespace, pod: read.name });
    default:
      return read satisfies never;
  }
}

/** Ends with `signal`'s reason, whatever the cluster's transport makes of it; calls `release` at the end. */
async function* released(
  texts: AsyncIterable<string>,
  signal: AbortSignal,
  release: () => void,
): AsyncGenerator<string, void, void> {
  try {
    for await (const text of texts) {
      signal.throwIfAborted();
      yield text;
    }
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    release();
  }
}

/** That the cluster cannot be reached from here is no trouble of the client's way to here. */
export function ofCluster(error: unknown): unknown {
  return isKubeTransportError(error) ? upstream(problemFromError(error)) : error;
}

/** Its own credentials: the client's are good. */
function refusedHub(detail = `HTTP ${UNAUTHORIZED}`): ProblemError {
  return upstream({ code: 'unauthorized', detail });
}

function upstream({ code, detail }: Problem): ProblemError {
  return new ProblemError({ code: 'upstream', detail: `${code}: ${detail}` });
}

async function* onlyOne(text: string): AsyncGenerator<string, void, void> {
  await Promise.resolve();
  yield text;
}
