import * as v from 'valibot';
import type { Clock } from '../../base/clock';
import { DisposableStore, toDisposable } from '../../base/disposable';
import { Emitter, type Event } from '../../base/emitter';
import { presentInstant, type Instant } from '../../base/instant';
import { isRecord, type JsonRecord } from '../../base/jsonRecord';
import type { Logger } from '../../base/logger';
import { closeReason, closeReasonOf, type CloseReason } from '../../protocol/closeReason';
import { problemFromError } from '../../protocol/problemFromError';
import type { HubConnection } from '../hubConnection';
import { HubHttpError, pathSegment, type HubHttp } from './hubHttp';
import type { Socket } from './socket';

/** As for any connection: from the first byte until it is worth something. Of a socket that takes another one's place too. */
const CONNECT_DEADLINE_MS = 20_000;
/** Where more has changed at once everything is asked: the platform announces each of its clusters every minute. */
const MAX_SINGLE_NAMES = 50;
const GETS_AT_ONCE = 4;
/** From the end of one list to the next one that its notifications ask for. */
const LIST_PAUSE_MS = 5_000;
/** What a list has may have changed a moment before, and be announced a moment later. */
const ANNOUNCED_WITHIN_MS = 5_000;
/** A notification is a name; whoever sends more is not listened to. */
const MAX_NOTIFICATION_CHARS = 64 * 1024;
const NOT_FOUND = 404;
const DONE = 1000;

const recordOrNothing = v.nullish(v.custom<JsonRecord>(isRecord, 'an object'));
const clusterSchema = v.object({ name: v.string(), spec: recordOrNothing, status: recordOrNothing });
/** Go writes a list without elements as null. An object without one is something else, and says nothing of what is gone. */
export const platformListSchema = v.object({ clusters: v.nullable(v.array(clusterSchema)) });
const notificationSchema = v.object({
  type: v.picklist(['cluster.added', 'cluster.updated', 'cluster.deleted']),
  data: v.object({ name: v.string() }),
});

/** A cluster as the platform tells it. What is absent is unknown: some versions leave everything but the name out. */
export type CompatCluster = Readonly<v.InferOutput<typeof clusterSchema>>;

/** Is told what the platform has. */
export interface CompatListener {
  /**
   * All there was at `askedAt`; whatever is not in it is gone. Told first after each connecting, and again now and then. While a
   * better route is tried beside another one, what was asked for earlier may come later.
   */
  listed(clusters: readonly CompatCluster[], askedAt: Instant): void;
  changed(cluster: CompatCluster): void;
  deleted(name: string): void;
}

export interface CompatConnectionOptions {
  readonly http: HubHttp;
  /** Absent where notifications do not get through: then it is only asked now and then. */
  readonly openSocket?: () => Socket;
  /** How often everything is asked without a reason. */
  readonly resyncMs: () => number;
  /** Somebody wants the next list no later than so many milliseconds after the last one. */
  readonly onListWanted: Event<number>;
  /** The last list had something else than was held before. */
  readonly onDifferent: Event<void>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly listener: CompatListener;
}

/**
 * One connection to a platform that knows the compatible interface alone. It replays nothing, drops notifications when it is
 * busy and says nothing for as long as nothing happens, so a notification only says what to ask for, and everything is asked
 * anew after connecting and every `resyncMs`. It is open once the first list came, and ends when an answer fails.
 *
 * That an answer comes proves nothing of the socket, whose silence means nothing either. A connection that is doubted therefore
 * opens another socket, and stays open meanwhile. So does one whose list has what no notification said, though only once for as
 * long as nothing is heard: another socket may be of no use either.
 *
 * Nothing can be sent, and no message ever comes: its {@link CompatListener} is told instead.
 */
export class CompatConnection implements HubConnection {
  readonly #options: CompatConnectionOptions;
  readonly #owned = new DisposableStore();
  readonly #deadline = this.#owned.add(new DisposableStore());
  readonly #resync = this.#owned.add(new DisposableStore());
  readonly #pause = this.#owned.add(new DisposableStore());
  readonly #announcement = this.#owned.add(new DisposableStore());
  readonly #abort = new AbortController();
  readonly #open: Emitter<void>;
  readonly #accepted: Emitter<void>;
  readonly #close: Emitter<void>;
  readonly onMessage: Event<unknown> = () => toDisposable(() => {});
  readonly #names = new Set<string>();
  /** Whose notifications count. */
  #socket: Socket | undefined;
  /** Takes the place of the socket, if there is one, as soon as it is open. */
  #nextSocket: Socket | undefined;
  #mustList = true;
  #mayListAtMs = 0;
  /** When the last list came, by the monotonic clock; undefined while one is under way. */
  #listedAtMs: number | undefined;
  /** Lists asked for since the socket opened or said something. */
  #listsInSilence = 0;
  /** It was replaced for its silence, and nothing was heard since. */
  #isSilenceKnown = false;
  #isWorking = false;
  #isOpen = false;
  #isEnded = false;
  #reason: CloseReason | undefined;

  constructor(options: CompatConnectionOptions) {
    this.#options = options;
    const onListenerError = (error: unknown): void =>
      options.logger.error('A listener of a connection failed', error);
    this.#open = new Emitter(onListenerError);
    this.#accepted = new Emitter(onListenerError);
    this.#close = new Emitter(onListenerError);
    this.#owned.add(toDisposable(() => this.#abort.abort()));
    this.#owned.add(options.onListWanted((withinMs) => this.#listWithin(withinMs)));
    this.#owned.add(options.onDifferent(() => this.#awaitAnnouncement()));
    // Nothing is told before whoever made this could listen.
    this.#owned.add(options.clock.schedule(0, () => this.#connect()));
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  get closeReason(): CloseReason | undefined {
    return this.#reason;
  }

  get onOpen(): Event<void> {
    return this.#open.event;
  }

  get onAccepted(): Event<void> {
    return this.#accepted.event;
  }

  get onClose(): Event<void> {
    return this.#close.event;
  }

  send(): void {}

  doubt(): void {
    // Before that everything is about to be asked, and is awaited for no longer than it may take.
    if (this.#isOpen) {
      this.#connect();
    }
  }

  dispose(): void {
    this.#end(undefined);
  }

  /** Opens a socket, in place of the one that there is, and asks for everything once it is open. */
  #connect(): void {
    const { openSocket, clock } = this.#options;
    if (openSocket === undefined) {
      this.#askAll();
      return;
    }
    if (this.#nextSocket !== undefined) {
      return;
    }
    let socket: Socket;
    try {
      socket = openSocket();
    } catch {
      this.#end(closeReason('notAHub', 'the address cannot be used for a WebSocket'));
      return;
    }
    this.#nextSocket = socket;
    this.#deadline.add(
      clock.schedule(CONNECT_DEADLINE_MS, () =>
        this.#end(closeReason('unreachable', 'no connection came about in time')),
      ),
    );
    socket.addEventListener('open', () => this.#opened(socket));
    socket.addEventListener('message', ({ data }) => {
      if (socket === this.#socket) {
        this.#notified(data);
      }
    });
    socket.addEventListener('close', ({ code, reason }) => this.#closed(socket, code, reason));
    // A close follows, which says as much as there is to say.
    socket.addEventListener('error', () => {});
  }

  #opened(socket: Socket): void {
    if (socket !== this.#nextSocket) {
      return;
    }
    this.#deadline.clear();
    const before = this.#socket;
    this.#socket = socket;
    this.#nextSocket = undefined;
    this.#listsInSilence = 0;
    this.#announcement.clear();
    before?.close(DONE);
    // Listened to before everything is asked, so that nothing happens in between.
    this.#askAll();
  }

  #closed(socket: Socket, code: number, said: string): void {
    if (socket === this.#nextSocket) {
      this.#nextSocket = undefined;
      this.#end(closeReasonOf(code, said, false));
    } else if (socket === this.#socket) {
      this.#socket = undefined;
      if (this.#nextSocket === undefined) {
        this.#end(closeReasonOf(code, said, this.#isOpen));
      }
    }
  }

  /** Something changed since the list before the last one. A socket that works would have said so, or soon will. */
  #awaitAnnouncement(): void {
    if (this.#socket === undefined || this.#listsInSilence < 2 || this.#isSilenceKnown) {
      return;
    }
    this.#announcement.clear();
    this.#announcement.add(
      this.#options.clock.schedule(ANNOUNCED_WITHIN_MS, () => {
        if (this.#listsInSilence > 0) {
          this.#isSilenceKnown = true;
          this.doubt();
        }
      }),
    );
  }

  #notified(data: unknown): void {
    this.#listsInSilence = 0;
    this.#isSilenceKnown = false;
    if (typeof data !== 'string' || data.length > MAX_NOTIFICATION_CHARS) {
      this.#end(closeReason('notAHub', 'it sends something else than notifications'));
      return;
    }
    const decoded = v.safeParse(notificationSchema, parse(data));
    if (!decoded.success) {
      // Of a kind that this version does not know: it may say that something changed.
      return;
    }
    const { name } = decoded.output.data;
    if (pathSegment(name) === undefined || this.#names.size >= MAX_SINGLE_NAMES) {
      this.#askAll();
    } else if (!this.#mustList) {
      this.#names.add(name);
      void this.#work();
    }
  }

  #askAll(): void {
    this.#mustList = true;
    this.#names.clear();
    void this.#work();
  }

  /** Asks for what has to be asked for, one thing after the other, until there is none. */
  async #work(): Promise<void> {
    if (this.#isWorking) {
      return;
    }
    this.#isWorking = true;
    try {
      while (!this.#isEnded && !this.#waitsToList() && (this.#mustList || this.#names.size > 0)) {
        await (this.#mustList ? this.#list() : this.#getSome());
      }
    } catch (error) {
      this.#end(
        error instanceof HubHttpError
          ? error.reason
          : closeReason('unreachable', problemFromError(error).detail),
      );
    }
    this.#isWorking = false;
  }

  /** What announces everything again and again is not asked for everything again and again. */
  #waitsToList(): boolean {
    const { clock } = this.#options;
    const waitMs = this.#mayListAtMs - clock.monotonic();
    if (!this.#mustList || waitMs <= 0) {
      return false;
    }
    this.#pause.clear();
    this.#pause.add(clock.schedule(waitMs, () => void this.#work()));
    return true;
  }

  async #list(): Promise<void> {
    const { http, clock, listener } = this.#options;
    this.#mustList = false;
    this.#listedAtMs = undefined;
    this.#listsInSilence += 1;
    this.#resync.clear();
    const askedAt = presentInstant(clock);
    const { clusters } = await http.get('/api/clusters', platformListSchema, this.#abort.signal);
    if (this.#isEnded) {
      return;
    }
    this.#listedAtMs = clock.monotonic();
    this.#mayListAtMs = this.#listedAtMs + LIST_PAUSE_MS;
    this.#listWithin(Number.POSITIVE_INFINITY);
    listener.listed(clusters ?? [], askedAt);
    if (!this.#isOpen) {
      this.#isOpen = true;
      this.#open.fire();
      this.#accepted.fire();
    }
  }

  /** Plans the next list anew. One that is under way is as good, and plans the one after it. */
  #listWithin(withinMs: number): void {
    if (this.#listedAtMs !== undefined) {
      const { clock, resyncMs } = this.#options;
      const dueMs = this.#listedAtMs + Math.min(withinMs, resyncMs());
      this.#resync.clear();
      this.#resync.add(clock.schedule(dueMs - clock.monotonic(), () => this.#askAll()));
    }
  }

  async #getSome(): Promise<void> {
    const names = [...this.#names].slice(0, GETS_AT_ONCE);
    for (const name of names) {
      this.#names.delete(name);
    }
    await Promise.all(names.map((name) => this.#get(name)));
  }

  async #get(name: string): Promise<void> {
    const { http, listener } = this.#options;
    let cluster: CompatCluster | undefined;
    try {
      cluster = await http.get(`/api/clusters/${pathSegment(name) ?? ''}`, clusterSchema, this.#abort.signal);
    } catch (error) {
      if (!(error instanceof HubHttpError) || error.status !== NOT_FOUND) {
        throw error;
      }
    }
    if (this.#isEnded) {
      return;
    }
    if (cluster === undefined) {
      listener.deleted(name);
    } else {
      listener.changed({ ...cluster, name });
    }
  }

  #end(reason: CloseReason | undefined): void {
    if (this.#isEnded) {
      return;
    }
    this.#isEnded = true;
    this.#isOpen = false;
    this.#reason = reason;
    this.#owned.dispose();
    const sockets = [this.#socket, this.#nextSocket];
    this.#socket = undefined;
    this.#nextSocket = undefined;
    for (const socket of sockets) {
      socket?.close(DONE);
    }
    this.#close.fire();
    this.#open.dispose();
    this.#accepted.dispose();
    this.#close.dispose();
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
