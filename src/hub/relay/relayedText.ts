import type { KubeResponse } from '../../base/kubeFetch';
import { readLines, readText } from '../../base/readBody';
import { prunedObjects } from '../../kube/prunedObjects';
import type { RelayedRead } from '../../kube/relayedRead';
import { ProblemError } from '../../protocol/problem';

/** A page of 100 pods has some 3 MB. */
const MAX_BODY_BYTES = 16 * 1024 * 1024;
/** One pod. */
const MAX_LINE_CHARS = 2 * 1024 * 1024;
/** What is no success is explained in a line. */
const MAX_REFUSAL_BYTES = 64 * 1024;

/** The body of an answer, without what a hub does not hand on. Throws what the body does, or a {@link ProblemError}. */
export async function* relayedText(
  { status, body }: KubeResponse,
  read: RelayedRead,
): AsyncGenerator<string, void, void> {
  if (status !== 200) {
    yield await readText(body, MAX_REFUSAL_BYTES);
  } else if (read.resource === 'log') {
    yield* decoded(body);
  } else if (read.isEndless) {
    for await (const { lines } of readLines(body, MAX_LINE_CHARS)) {
      yield lines.map((line) => (line === '' ? '' : `${pruned(line)}\n`)).join('');
    }
  } else {
    yield pruned(await readText(body, MAX_BODY_BYTES));
  }
}

async function* decoded(body: AsyncIterable<Uint8Array>): AsyncGenerator<string, void, void> {
  const decoder = new TextDecoder();
  for await (const chunk of body) {
    yield decoder.decode(chunk, { stream: true });
  }
  yield decoder.decode();
}

function pruned(text: string): string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ProblemError(
      { code: 'malformed', detail: 'the cluster answered with something else than pods' },
      error,
    );
  }
  return JSON.stringify(prunedObjects(value));
}
