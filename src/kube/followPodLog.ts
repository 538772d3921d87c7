import type { KubeFetch } from '../base/kubeFetch';
import { openPodLog, type PodLogOptions } from './openPodLog';
import { splitLogLines } from './splitLogLines';

/** One line as the kubelet sent it. */
export interface PodLogLine {
  /** RFC 3339 with nanoseconds, by the node's clock; absent where the line came without. */
  readonly time?: string;
  readonly text: string;
}

export interface PodLogBatch {
  readonly lines: readonly PodLogLine[];
  /** True for a line at the very end that no line feed closed: it may come again, longer. */
  readonly isUnterminated: boolean;
}

/**
 * Longer lines are cut: nobody reads them, and one alone could hold any amount of memory. No more than is shown of a line,
 * so that it is cut once, and how much is missing is told truly.
 */
const MAX_LINE_CHARS = 8_192;

/**
 * Follows one container's log as lines of text, of which nothing is kept: for who hands them on. The first batch comes,
 * possibly empty, as soon as the server has accepted; a container that has not written yet is accepted only with its first
 * line. Batches come in order, as the network brings them. The iteration ends when the server ends the log; it throws what
 * {@link openPodLog} does, and the transport's error when the connection breaks. An unclosed line before a break is not
 * delivered.
 */
export async function* followPodLog(
  fetch: KubeFetch,
  options: Omit<PodLogOptions, 'follow' | 'previous'>,
  signal: AbortSignal,
): AsyncGenerator<PodLogBatch, void, void> {
  const body = await openPodLog(fetch, { ...options, follow: true }, signal);
  yield { lines: [], isUnterminated: false };
  for await (const { lines, isUnterminated } of splitLogLines(body, MAX_LINE_CHARS)) {
    signal.throwIfAborted();
    yield { lines: lines.map(parseLine), isUnterminated };
  }
}

const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/;
/** `2026-01-01T00:00:00.123456789+00:00` */
const MAX_TIME_CHARS = 35;

function parseLine(line: string): PodLogLine {
  const end = line.indexOf(' ');
  // A line without content may have lost the space behind its time.
  const time = end < 0 ? line : line.slice(0, end);
  if (time.length <= MAX_TIME_CHARS && TIME.test(time)) {
    return { time, text: end < 0 ? '' : line.slice(end + 1) };
  }
  return { text: line };
}
