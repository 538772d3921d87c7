import { DisposableStore, type Disposable } from '../../src/base/disposable';
import type { HubClient } from '../../src/client/hubClient';
import type { LogFilter, LogFound, LogMarks, LogPlace, LogWindow } from '../../src/protocol/logView';
import { ProblemError } from '../../src/protocol/problem';
import type { RequestParams, RequestResult } from '../../src/protocol/requests';
import { logTopic } from '../../src/protocol/topics';

export type LogViewTarget = RequestParams<'logViews.open'>;
export type LogViewStatus = RequestResult<'logViews.status'>;
export type LogFindParams = Omit<RequestParams<'logViews.find'>, 'view'>;

type LogClient = Pick<HubClient, 'request' | 'subscribe' | 'onEvents' | 'onRecovered'>;

/**
 * The logs of one selection, followed by the host for as long as this lives. It holds no line: whoever shows some reads them, and
 * is told when others can be read. A host that has forgotten the view, as after it started anew, is asked to follow it again;
 * what was numbered by the view before is then void, which `generation` tells.
 */
export class OpenLogView implements Disposable {
  readonly target: LogViewTarget;
  readonly #client: LogClient;
  readonly #owned = new DisposableStore();
  readonly #listeners = new Set<() => void>();
  #subscription: Disposable | undefined;
  #opening: Promise<string>;
  #id: string | undefined;
  #isDisposed = false;
  generation = 0;

  constructor(client: LogClient, target: LogViewTarget) {
    this.#client = client;
    this.target = target;
    this.#owned.add(client.onRecovered(() => this.#changed()));
    this.#owned.add(
      client.onEvents((events) => {
        const isOurs = events.some(
          ({ type, data }) =>
            type === 'log.appended' && data.source === target.source && data.stream === this.#id,
        );
        if (isOurs) {
          this.#changed();
        }
      }),
    );
    this.#opening = this.#open();
    // Whoever asks is told.
    this.#opening.catch(() => undefined);
  }

  /** The host's name for it, once it has one. */
  get id(): string | undefined {
    return this.#id;
  }

  /** Tells of each change of what can be read. The result ends it. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  read(at: LogPlace, count: number, filter: LogFilter): Promise<LogWindow> {
    return this.#ask((view) => this.#client.request('logViews.read', { view, at, count, filter }));
  }

  find(params: LogFindParams): Promise<LogFound> {
    return this.#ask((view) => this.#client.request('logViews.find', { view, ...params }));
  }

  marks(params: Omit<RequestParams<'logViews.marks'>, 'view'>): Promise<LogMarks> {
    return this.#ask((view) => this.#client.request('logViews.marks', { view, ...params }));
  }

  line(params: Omit<RequestParams<'logViews.line'>, 'view'>): Promise<RequestResult<'logViews.line'>> {
    return this.#ask((view) => this.#client.request('logViews.line', { view, ...params }));
  }

  status(): Promise<LogViewStatus> {
    return this.#ask((view) => this.#client.request('logViews.status', { view }));
  }

  /** Has the host follow it anew. */
  reopen(): void {
    if (this.#isDisposed) {
      return;
    }
    this.#close();
    this.generation += 1;
    this.#opening = this.#open();
    // Whoever asks is told.
    this.#opening.catch(() => undefined);
    this.#changed();
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#listeners.clear();
    this.#owned.dispose();
    this.#close();
  }

  async #ask<T>(ask: (view: string) => Promise<T>): Promise<T> {
    const id = await this.#opening;
    try {
      return await ask(id);
    } catch (error) {
      if (error instanceof ProblemError && error.problem.code === 'closed' && id === this.#id) {
        this.reopen();
      }
      throw error;
    }
  }

  async #open(): Promise<string> {
    const { generation } = this;
    const { view } = await this.#client.request('logViews.open', this.target);
    if (this.#isDisposed || this.generation !== generation) {
      this.#closeAtHost(view);
      return view;
    }
    this.#id = view;
    this.#subscription = this.#client.subscribe([logTopic(this.target.source, view)]);
    // Not before whoever waits has it.
    queueMicrotask(() => this.#changed());
    return view;
  }

  #close(): void {
    const id = this.#id;
    this.#id = undefined;
    this.#subscription?.dispose();
    this.#subscription = undefined;
    if (id !== undefined) {
      this.#closeAtHost(id);
    }
  }

  #closeAtHost(view: string): void {
    // One that is already gone is closed all the same.
    this.#client.request('logViews.close', { view }).catch(() => undefined);
  }

  #changed(): void {
    for (const listener of this.#listeners) {
      listener();
    }
  }
}
