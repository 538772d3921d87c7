import { KubeTransportError } from '../base/kubeFetch';
import { BodyTooLargeError, readLines } from '../base/readBody';
import { decodeWatchLine, WatchLineError, type WatchEvent } from './watchEvent';

/** etcd refuses objects over 1.5 MiB; a line is a little longer than what it stores. Ample room above. */
const MAX_LINE_CHARS = 16 * 1024 * 1024;

/**
 * The events of a watch as they come, a batch for each chunk of the body, each decoded only when the one before it was
 * taken. Ends with the body, and throws what the body throws, or {@link WatchLineError} at the first bad line.
 *
 * A body that ends in the middle of a line was cut off, however politely: that is a KubeTransportError of code `closed`
 * like any broken connection. Nothing is lost by it, since the event's ResourceVersion was not reached.
 */
export async function* readWatch(
  body: AsyncIterable<Uint8Array>,
): AsyncGenerator<Iterable<WatchEvent>, void, void> {
  try {
    for await (const { lines, isUnterminated } of readLines(body, MAX_LINE_CHARS)) {
      if (isUnterminated) {
        throw new KubeTransportError('closed', 'the watch was cut off in the middle of a line');
      }
      yield decodeLines(lines);
    }
  } catch (error) {
    throw error instanceof BodyTooLargeError ? new WatchLineError('tooLong', error) : error;
  }
}

function* decodeLines(lines: readonly string[]): Generator<WatchEvent, void, void> {
  for (const line of lines) {
    yield decodeWatchLine(line);
  }
}
