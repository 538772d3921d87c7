import type { Clock } from '../../base/clock';
import { DisposableStore, type Disposable } from '../../base/disposable';
import type { KubeFetch } from '../../base/kubeFetch';
import type { Logger } from '../../base/logger';
import type { Random } from '../../base/random';
import { lineContent } from '../../logs/lineContent';
import type { LogSpill } from '../../logs/logSpill';
import { LogView } from '../../logs/logView';
import type { HubEvent } from '../../protocol/hubEvent';
import { ProblemError, type Problem } from '../../protocol/problem';
import type { RequestParams, RequestResult } from '../../protocol/requests';
import type { SourceState } from '../../protocol/sourceState';
import { connectionTopic, logTopic } from '../../protocol/topics';
import { EVERYBODY, logsOf, logViewAccess, type Access, type Guest } from '../guest';
import type { Hub } from '../hub';
import { ContainerLog } from './containerLog';
import { LogPace } from './logPace';
import { LogTurns } from './logTurns';
import { SelectedLogs } from './selectedLogs';

/** Each is a connection and some memory, or many; one client needs few. */
const MAX_LOGS = 32;
/** Opening a log is a request that a node answers: so many at once are no burden for a cluster. */
const OPENED_AT_ONCE = 8;
/** How often is looked whether lines have become too old. */
const EXPIRE_MS = 10_000;

export interface LogStreamsOptions {
  readonly hub: Hub;
  /** Whom they are for, if that makes a difference. */
  readonly guest?: Guest;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly tailLines: () => number;
  readonly onAppended: (event: HubEvent) => void;
}

/** Of the guest to a log. */
interface Right {
  /** Why they may not have it any more. */
  lost: Problem | undefined;
}

/** What a log follows: one container, or all that are selected. */
interface Followed extends Disposable {
  interrupt(problem: Problem): void;
  reopen(): void;
}

interface OpenLog {
  readonly source: string;
  readonly view: LogView;
  readonly followed: Followed;
  readonly owned: DisposableStore;
  /** What can be read of it. */
  readonly range: () => { readonly first: number; readonly next: number };
  /** The source's state when last told of; undefined while there was none. */
  before: SourceState['type'] | undefined;
  readonly right: Right;
}

interface OpenStream extends OpenLog {
  readonly followed: ContainerLog;
}

interface OpenView extends OpenLog {
  readonly followed: SelectedLogs;
}

/**
 * The logs that one client follows, of one container each or of many in one view; they end with it. A source whose server does not
 * surely answer, or that goes away altogether, interrupts its logs; they go on as soon as it is back. A silent log's own
 * connection cannot be told from a dead one, so the source's proof of life stands for it.
 */
export class LogStreams implements Disposable {
  readonly #options: LogStreamsOptions;
  readonly #streams = new Map<string, OpenStream>();
  readonly #views = new Map<string, OpenView>();
  readonly #subscriptions = new DisposableStore();
  readonly #turns = new LogTurns(OPENED_AT_ONCE);
  #opened = 0;
  #expiring: Disposable | undefined;

  constructor(options: LogStreamsOptions) {
    this.#options = options;
    this.#subscriptions.add(
      options.hub.onSourceRetried((source) => {
        for (const { before, followed } of this.#logsOf(source)) {
          // The others go on as soon as their source answers.
          if (isAnswering(before)) {
            followed.reopen();
          }
        }
      }),
    );
  }

  /** Follows one container. That the guest may have it is to be required before; when they no longer may it fails for good. */
  open({ source, namespace, pod, container }: RequestParams<'logs.open'>): string {
    const target = { namespace, pod, ...(container === undefined ? {} : { container }) };
    const id = this.#newId();
    // It is read at once, so all of it is in memory.
    const view = this.#newView(false);
    const stream = view.addStream({ namespace, pod, container: container ?? '' });
    const right: Right = { lost: undefined };
    const followed = new ContainerLog({ ...this.#following(source, right), target, stream });
    const log: OpenStream = {
      ...this.#newLog(source, view, followed, right),
      followed,
      range: () => ({ first: stream.store.first, next: stream.store.next }),
    };
    this.#streams.set(id, log);
    this.#start(id, log, followed, [logsOf({ namespace, pod })]);
    return id;
  }

  read(id: string, from: number, limit: number): RequestResult<'logs.read'> {
    const { view, followed } = required(this.#streams, id);
    const store = view.streams[0]?.store;
    const lines: RequestResult<'logs.read'>['lines'] = [];
    const first = store?.first ?? 0;
    const next = store?.next ?? 0;
    const begin = Math.max(first, from);
    for (let seq = begin; seq < Math.min(next, begin + limit); seq += 1) {
      const held = store?.line(seq);
      if (held?.bytes !== undefined) {
        lines.push({ seq, ...lineContent(held, held.bytes) });
      }
    }
    return { lines, first, next, state: followed.state };
  }

  close(id: string): void {
    this.#streams.get(id)?.owned.dispose();
    this.#streams.delete(id);
  }

  /** Follows all that are selected; for the guest as for one. */
  openView(params: RequestParams<'logViews.open'>): string {
    const { source, selection, tailLines, sinceTime, previous = false } = params;
    const id = this.#newId();
    const view = this.#newView(true);
    const right: Right = { lost: undefined };
    const followed = new SelectedLogs({
      ...this.#following(source, right),
      ...(tailLines === undefined ? {} : { tailLines }),
      ...(sinceTime === undefined ? {} : { sinceTime }),
      selection,
      view,
      previous,
      maxStreams: this.#options.hub.logs.maxStreams,
    });
    const log: OpenView = {
      ...this.#newLog(source, view, followed, right),
      followed,
      range: () => ({ first: 0, next: view.size }),
    };
    this.#views.set(id, log);
    this.#start(id, log, followed, logViewAccess(selection));
    return id;
  }

  async readView({
    view,
    at,
    count,
    filter,
  }: RequestParams<'logViews.read'>): Promise<RequestResult<'logViews.read'>> {
    const window = await required(this.#views, view).view.readAll(at, count, filter);
    required(this.#views, view);
    return window;
  }

  find(params: RequestParams<'logViews.find'>): RequestResult<'logViews.find'> {
    const { view, find, filter, from, direction } = params;
    return required(this.#views, view).view.find(find, filter, from, direction);
  }

  marks({ view, find, rows }: RequestParams<'logViews.marks'>): Promise<RequestResult<'logViews.marks'>> {
    return required(this.#views, view).view.marks(find, rows);
  }

  /** Bytes `from` on of a line's text, at most `limit`. */
  async readLine({
    view,
    stream,
    line,
    from,
    limit,
  }: RequestParams<'logViews.line'>): Promise<RequestResult<'logViews.line'>> {
    const piece = await required(this.#views, view).view.readLine({ stream, line }, from, limit);
    required(this.#views, view);
    return piece;
  }

  status(id: string): RequestResult<'logViews.status'> {
    const { view, followed } = required(this.#views, id);
    const { podsProblem } = followed;
    const { disk } = this.#options.hub.logs.budget;
    return {
      streams: followed.statuses(),
      maxStreams: this.#options.hub.logs.maxStreams(),
      isRead: followed.isRead,
      ...(podsProblem === undefined ? {} : { podsProblem }),
      heldBytes: view.heldBytes,
      letGo: view.letGo,
      ...(disk === undefined ? {} : { disk: diskStatus(disk, view.spilledBytes) }),
    };
  }

  closeView(id: string): void {
    this.#views.get(id)?.owned.dispose();
    this.#views.delete(id);
  }

  closeAll(): void {
    for (const { owned } of this.#logs()) {
      owned.dispose();
    }
    this.#streams.clear();
    this.#views.clear();
    this.#expiring?.dispose();
    this.#expiring = undefined;
  }

  /** Tells of each log what can be read of it: for somebody who may have missed that. */
  announceAll(): void {
    for (const [id, log] of [...this.#streams, ...this.#views]) {
      this.#announce(id, log);
    }
  }

  dispose(): void {
    this.#subscriptions.dispose();
    this.closeAll();
  }

  #logs(): OpenLog[] {
    return [...this.#streams.values(), ...this.#views.values()];
  }

  #newId(): string {
    if (this.#streams.size + this.#views.size >= MAX_LOGS) {
      throw new ProblemError({ code: 'badRequest', detail: `more than ${MAX_LOGS} logs are open` });
    }
    this.#opened += 1;
    return String(this.#opened);
  }

  #newView(maySpill: boolean): LogView {
    const { hub, clock, logger } = this.#options;
    const { scanner, budget, bounds } = hub.logs;
    const onListenerError = (error: unknown): void => logger.error('A listener failed', error);
    return new LogView({ clock, scanner, budget, bounds, maySpill, onListenerError });
  }

  #following(source: string, right: Right) {
    const { hub, clock, random, logger, tailLines } = this.#options;
    // Looked up for each request: the source may have gone, come back or been connected anew since.
    const fetch: KubeFetch = async (path, request) => {
      if (right.lost !== undefined) {
        throw new ProblemError(right.lost);
      }
      return hub.requireSource(source).fetch()(path, request);
    };
    return { fetch, clock, random, logger, tailLines: tailLines(), turns: this.#turns };
  }

  #newLog(source: string, view: LogView, followed: Followed, right: Right): Omit<OpenLog, 'range'> {
    const owned = new DisposableStore();
    owned.add(view);
    owned.add(followed);
    return { source, view, followed, owned, right, before: this.#stateOf(source)?.type };
  }

  #start(
    id: string,
    log: OpenLog,
    { onChanged }: Pick<ContainerLog | SelectedLogs, 'onChanged'>,
    accesses: readonly Access[],
  ): void {
    const { hub, guest = EVERYBODY, clock } = this.#options;
    for (const access of accesses) {
      log.owned.add(
        guest.hold(log.source, access, (problem) => {
          log.right.lost = problem;
          log.followed.interrupt(problem);
        }),
      );
    }
    const pace = log.owned.add(new LogPace(clock, () => this.#announce(id, log)));
    log.owned.add(log.view.onChanged(pace.announce));
    log.owned.add(onChanged(pace.announce));
    log.owned.add(hub.subscribe([connectionTopic(log.source)], () => this.#sourceChanged(log)));
    this.#expire();
  }

  #expire(): void {
    this.#expiring ??= this.#options.clock.schedule(EXPIRE_MS, () => {
      this.#expiring?.dispose();
      this.#expiring = undefined;
      for (const { view } of this.#logs()) {
        view.expire();
      }
      if (this.#logs().length > 0) {
        this.#expire();
      }
    });
  }

  #sourceChanged(log: OpenLog): void {
    const { source, before, followed } = log;
    const state = this.#stateOf(source);
    if (before === state?.type) {
      return;
    }
    log.before = state?.type;
    if (!isAnswering(state?.type)) {
      followed.interrupt(problemOf(state));
    } else if (!isAnswering(before)) {
      followed.reopen();
    }
  }

  #logsOf(source: string): OpenLog[] {
    return this.#logs().filter((log) => log.source === source);
  }

  #stateOf(source: string): SourceState | undefined {
    return this.#options.hub.source(source)?.status().state;
  }

  #announce(id: string, { source, range }: OpenLog): void {
    this.#options.onAppended({
      type: 'log.appended',
      topic: logTopic(source, id),
      data: { source, stream: id, ...range() },
      cursor: this.#options.hub.cursor(source),
      at: this.#options.clock.now(),
      priority: 'low',
    });
  }
}

function diskStatus(
  { maxBytes, problem }: LogSpill,
  bytes: number,
): NonNullable<RequestResult<'logViews.status'>['disk']> {
  return { bytes, maxBytes, ...(problem === undefined ? {} : { problem }) };
}

function required<T extends OpenLog>(logs: ReadonlyMap<string, T>, id: string): T {
  const log = logs.get(id);
  if (log === undefined) {
    throw new ProblemError({ code: 'closed', detail: `log ${id.slice(0, 20)} is not open` });
  }
  if (log.right.lost !== undefined) {
    throw new ProblemError(log.right.lost);
  }
  return log;
}

/** Whether the server answers, be it with a refusal: logs need other permissions than personas do. */
export function isAnswering(type: SourceState['type'] | undefined): boolean {
  switch (type) {
    case 'syncing':
    case 'live':
    case 'forbidden':
    case 'notInstalled':
      return true;
    case undefined:
    case 'idle':
    case 'connecting':
    case 'stale':
    case 'reconnecting':
    case 'unauthorized':
    case 'failed':
    case 'paused':
      return false;
    default:
      return type satisfies never;
  }
}

/** What keeps the logs of a source in this state from being followed. */
export function problemOf(state: SourceState | undefined): Problem {
  if (state !== undefined && 'problem' in state) {
    return state.problem;
  }
  switch (state?.type) {
    case 'stale':
    case 'connecting':
      return { code: 'unreachable', detail: 'the cluster gives no sign of life' };
    default:
      return { code: 'closed', detail: 'the cluster is not connected' };
  }
}
