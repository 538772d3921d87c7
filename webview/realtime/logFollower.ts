import { DisposableStore, toDisposable, type Disposable } from '../../src/base/disposable';
import type { LogLine, LogState } from '../../src/protocol/podLog';
import { ProblemError } from '../../src/protocol/problem';
import type { RequestParams, RequestResult } from '../../src/protocol/requests';
import { logTopic } from '../../src/protocol/topics';
import type { HubClient } from '../../src/client/hubClient';
import { problemOf } from './problemOf';

/** Lines asked for at once: at 100 bytes a line a message of 100 kB, some milliseconds of decoding. */
const CHUNK_LINES = 1_000;

export type LogTarget = RequestParams<'logs.open'>;

/** What there is to show, as one immutable value. */
export interface LogSnapshot {
  /** As many as the window has at most, in order. Where `seq` skips, the host let lines go before they could be read. */
  readonly lines: readonly LogLine[];
  /** The host holds the lines `first` to `next - 1`. */
  readonly first: number;
  readonly next: number;
  /** Whether the window moves with the log; else it stays where it is and `unread` grows. */
  readonly isFollowing: boolean;
  /** Lines after the window. */
  readonly unread: number;
  readonly state: LogState;
}

const NOTHING_YET: LogSnapshot = {
  lines: [],
  first: 0,
  next: 0,
  isFollowing: true,
  unread: 0,
  state: { type: 'connecting' },
};

type LogClient = Pick<HubClient, 'request' | 'subscribe' | 'onEvents' | 'onRecovered' | 'onStateChange'>;

/**
 * A window on one container's log. The host is told to follow it; its notifications say which lines can be read, and
 * they are read at the pace at which answers come. Shaped for `useSyncExternalStore`.
 */
export class LogFollower {
  readonly #client: LogClient;
  readonly #windowLines: () => number;
  readonly #listeners = new Set<() => void>();
  #stream: OpenStream | undefined;
  #snapshot = NOTHING_YET;
  #isReading = false;
  #hasNews = false;

  /** Holds as many lines as `windowLines` says; the host holds more. */
  constructor(client: LogClient, windowLines: () => number) {
    this.#client = client;
    this.#windowLines = windowLines;
  }

  readonly snapshot = (): LogSnapshot => this.#snapshot;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Follows another container from now on, the one before no more. Disposing the result closes the stream at the host. */
  follow(target: LogTarget): Disposable {
    this.#close();
    this.#update(NOTHING_YET);
    this.#open(target);
    return toDisposable(() => {
      if (this.#stream?.target === target) {
        this.#close();
      }
    });
  }

  /** Starts again from the log's end as it is now; what is shown stays until lines come, then they replace it. */
  reopen(): void {
    const target = this.#stream?.target;
    if (target !== undefined) {
      this.#close();
      this.#update({ state: { type: 'connecting' } });
      this.#open(target);
    }
  }

  setFollowing(isFollowing: boolean): void {
    if (isFollowing !== this.#snapshot.isFollowing) {
      this.#update({ isFollowing });
      this.#wake();
    }
  }

  /** The window may be a smaller one now: lines at the end that is not read leave it. One that is larger fills by itself. */
  trim(): void {
    const { lines, isFollowing } = this.#snapshot;
    const count = this.#windowLines();
    if (lines.length > count) {
      this.#update({ lines: isFollowing ? lines.slice(-count) : lines.slice(0, count) });
    }
  }

  /** Moves the window back by up to half of it. Stops following: the window can't be at both ends. */
  async loadOlder(): Promise<void> {
    const stream = this.#stream;
    const start = this.#snapshot.lines[0]?.seq;
    if (stream?.id === undefined || start === undefined || start <= this.#snapshot.first) {
      return;
    }
    this.#update({ isFollowing: false });
    // At most half of a window, so that the reader finds their place again.
    const step = Math.min(CHUNK_LINES, Math.ceil(this.#windowLines() / 2));
    const from = Math.max(this.#snapshot.first, start - step);
    try {
      const answer = await this.#client.request('logs.read', {
        stream: stream.id,
        from,
        limit: start - from,
      });
      const { lines } = this.#snapshot;
      if (this.#stream === stream && lines[0]?.seq === start && !this.#snapshot.isFollowing) {
        const older = answer.lines.filter((line) => line.seq < start);
        this.#update({
          lines: [...older, ...lines].slice(0, this.#windowLines()),
          first: answer.first,
          next: answer.next,
        });
      }
    } catch (error) {
      this.#failed(stream, error);
    }
  }

  #open(target: LogTarget): void {
    const stream = new OpenStream(target);
    this.#stream = stream;
    stream.owned.add(this.#client.onRecovered(() => this.#wake()));
    stream.owned.add(
      this.#client.onStateChange(({ type }) => {
        // A stream ends with its session: asking for it finds that out, and it is opened anew.
        if (type === 'open') {
          this.#wake();
        }
      }),
    );
    stream.owned.add(
      this.#client.onEvents((events) => {
        const isOurs = events.some(
          ({ type, data }) =>
            type === 'log.appended' && data.source === target.source && data.stream === stream.id,
        );
        if (isOurs) {
          this.#wake();
        }
      }),
    );
    void this.#start(stream);
  }

  async #start(stream: OpenStream): Promise<void> {
    const { target } = stream;
    try {
      // Not withdrawn when it is no longer wanted: the host may have opened the stream already, so it has to be closed.
      const { stream: id } = await this.#client.request('logs.open', target);
      if (this.#stream !== stream) {
        this.#closeAtHost(id);
        return;
      }
      stream.id = id;
      stream.owned.add(this.#client.subscribe([logTopic(target.source, id)]));
      this.#wake();
    } catch (error) {
      this.#failed(stream, error);
    }
  }

  #close(): void {
    const stream = this.#stream;
    this.#stream = undefined;
    stream?.owned.dispose();
    if (stream?.id !== undefined) {
      this.#closeAtHost(stream.id);
    }
  }

  #closeAtHost(stream: string): void {
    // A stream that is already gone is closed all the same.
    this.#client.request('logs.close', { stream }).catch(() => undefined);
  }

  #wake(): void {
    this.#hasNews = true;
    if (!this.#isReading) {
      void this.#read();
    }
  }

  /** Reads until there is no more news. There is one such loop at a time, so answers apply in order. */
  async #read(): Promise<void> {
    this.#isReading = true;
    while (this.#hasNews) {
      this.#hasNews = false;
      const stream = this.#stream;
      if (stream?.id !== undefined) {
        await this.#readOnce(stream, stream.id);
      }
    }
    this.#isReading = false;
  }

  async #readOnce(stream: OpenStream, id: string): Promise<void> {
    const isFresh = !stream.hasLines;
    const from = isFresh ? 0 : this.#readPosition();
    const limit = isFresh || this.#snapshot.isFollowing ? CHUNK_LINES : 1;
    try {
      const answer = await this.#client.request('logs.read', { stream: id, from, limit });
      if (this.#stream === stream) {
        stream.wasRead = true;
        stream.hasLines ||= answer.lines.length > 0;
        this.#apply(answer, isFresh);
      }
    } catch (error) {
      this.#failed(stream, error);
    }
  }

  /** Where to read on. Far behind, what would leave the window at once is skipped; while not following, all of it is. */
  #readPosition(): number {
    const { isFollowing, next } = this.#snapshot;
    return isFollowing ? Math.max(this.#windowEnd(), next - this.#windowLines()) : next;
  }

  #windowEnd(): number {
    const last = this.#snapshot.lines.at(-1);
    return last === undefined ? 0 : last.seq + 1;
  }

  #apply(answer: RequestResult<'logs.read'>, isFresh: boolean): void {
    const { first, next, state } = answer;
    if (isFresh && answer.lines.length === 0 && this.#snapshot.lines.length > 0) {
      // What the stream before it brought is still worth reading.
      this.#update({ state });
      return;
    }
    const held = isFresh ? [] : this.#snapshot.lines;
    const lines =
      isFresh || this.#snapshot.isFollowing ? append(held, answer.lines, this.#windowLines()) : held;
    this.#update({ lines, first, next, state });
    if (this.#snapshot.isFollowing && this.#windowEnd() < next && answer.lines.length > 0) {
      this.#hasNews = true;
    }
  }

  #failed(stream: OpenStream, error: unknown): void {
    if (this.#stream !== stream) {
      return;
    }
    const isForgotten = error instanceof ProblemError && error.problem.code === 'closed';
    if (isForgotten && stream.wasRead) {
      // The host no longer knows the stream, as after it started anew; the container may well be there. It is closed all
      // the same: a stream that lived on without a reader would count against the few that the host holds.
      this.reopen();
      return;
    }
    this.#update({ state: { type: 'failed', problem: problemOf(error) } });
  }

  #update(change: Partial<LogSnapshot>): void {
    const next = { ...this.#snapshot, ...change };
    const last = next.lines.at(-1);
    this.#snapshot = { ...next, unread: last === undefined ? 0 : Math.max(0, next.next - last.seq - 1) };
    for (const listener of this.#listeners) {
      listener();
    }
  }
}

/** One stream at the host, from the moment it is asked for. */
class OpenStream {
  readonly target: LogTarget;
  readonly owned = new DisposableStore();
  id: string | undefined;
  wasRead = false;
  hasLines = false;

  constructor(target: LogTarget) {
    this.target = target;
  }
}

function append(held: readonly LogLine[], read: readonly LogLine[], count: number): readonly LogLine[] {
  if (read.length === 0) {
    return held;
  }
  const end = held.at(-1)?.seq ?? -1;
  return [...held, ...read.filter((line) => line.seq > end)].slice(-count);
}
