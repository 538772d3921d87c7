import type { Clock } from '../base/clock';
import { DisposableStore, type Disposable } from '../base/disposable';
import type { Logger } from '../base/logger';
import type { Random } from '../base/random';
import type { Channel } from '../protocol/channel';
import type { HubEvent } from '../protocol/hubEvent';
import {
  clientMessageSchema,
  decode,
  PROTOCOL_VERSION,
  type ClientMessage,
  type ServerMessage,
} from '../protocol/messages';
import type { Problem } from '../protocol/problem';
import { problemFromError } from '../protocol/problemFromError';
import { ClientLooks, isLook } from './clientLooks';
import { ClientSubscriptions } from './clientSubscriptions';
import { SubscriberFlow, type FlowMessage } from './flow/subscriberFlow';
import { EVERYBODY, type AccessChange, type Guest } from './guest';
import { GuestHub } from './guestHub';
import type { Hub } from './hub';
import { LogStreams } from './logs/logStreams';
import { KubeRelay } from './relay/kubeRelay';
import { answerRequest, type CommandRunner } from './requestHandlers';

/** A view has a handful under way at most. */
const MAX_REQUESTS = 256;

export interface SessionOptions {
  readonly hub: Hub;
  /** Whom it serves, if that makes a difference; what they may know of every source has been learnt. */
  readonly guest?: Guest;
  readonly channel: Channel<ServerMessage>;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  /** What to greet the client with; what it is to keep are the settings of the hub. */
  readonly hello: () => Omit<Extract<ServerMessage, { type: 'hello' }>, 'type' | 'version' | 'limits'>;
  readonly runCommand: CommandRunner;
  /** Lines of a log to start with. */
  readonly logTailLines: () => number;
}

/** One that is being answered. */
interface Request {
  readonly method: string;
  readonly abort: AbortController;
}

/**
 * Serves one client over one channel: greets it once it is ready, answers its requests, and forwards the notifications it
 * subscribed to, as fast as it works them off. What comes before `ready` is dropped. While the client is hidden it is
 * notified of nothing; shown again it is told what it missed, one event a topic, and that this was all, or where that is not
 * known any more that it has to ask for everything. The session ends with its channel.
 */
export class Session implements Disposable {
  readonly #options: SessionOptions;
  readonly #owned = new DisposableStore();
  readonly #hub: GuestHub;
  readonly #flow: SubscriberFlow;
  readonly #subscriptions: ClientSubscriptions;
  /** What most clients of a server never need, or not for long, is made when it is needed. */
  #logs: LogStreams | undefined;
  #relay: KubeRelay | undefined;
  #looks: ClientLooks | undefined;
  #requests: Map<number, Request> | undefined;
  #isReady = false;
  #isVisible = true;
  #looking: Disposable | undefined;
  /** It is going to be told to ask for everything again. */
  #isResetting = false;

  constructor(options: SessionOptions) {
    this.#options = options;
    const { hub, channel, clock, random, guest = EVERYBODY } = options;
    this.#hub = new GuestHub(hub, guest);
    this.#flow = this.#owned.add(
      new SubscriberFlow({
        clock,
        settings: hub.settings,
        registry: hub.flows,
        view: () => options.hello().view,
        send: (message) => this.#send(message),
      }),
    );
    this.#subscriptions = this.#owned.add(
      new ClientSubscriptions({
        hub: this.#hub,
        clock,
        random,
        onEvent: (event) => this.#offer(event),
        onRecovered: (message) => this.#flow.afterWaiting(() => channel.send(message)),
      }),
    );
    this.#owned.add(channel);
    this.#owned.add(channel.onMessage((data) => this.#receive(data)));
    this.#owned.add(channel.onClose(() => this.dispose()));
    if (options.hello().view !== undefined) {
      // A source that went and came back under the same id is another one to look at.
      this.#owned.add(hub.onSourcesChanged(() => this.#lookAnew()));
    }
    this.#owned.add(guest.onChanged((change) => this.#rightsChanged(change)));
    this.#followLimits();
  }

  /** Whether somebody can see the client; it starts out visible. */
  setVisible(isVisible: boolean): void {
    if (this.#isVisible === isVisible || this.#owned.isDisposed) {
      return;
    }
    this.#isVisible = isVisible;
    this.#look();
    this.#tellVisibility();
    this.#flow.setVisible(isVisible);
    this.#subscriptions.setActive(this.#isReady && isVisible);
    if (isVisible && this.#isReady) {
      this.#logs?.announceAll();
      this.#subscriptions.catchUp();
    }
  }

  dispose(): void {
    this.#reset();
    this.#looking?.dispose();
    this.#looking = undefined;
    this.#owned.dispose();
  }

  #receive(data: unknown): void {
    const decoded = decode(clientMessageSchema, data);
    if (!decoded.ok) {
      this.#options.logger.warn(`A client sent what cannot be understood: ${decoded.problem.detail}`);
      if (this.#isReady) {
        this.#sendError(decoded.problem);
      }
      return;
    }
    if (!this.#isReady && decoded.value.type !== 'ready') {
      this.#options.logger.warn(`A client sent ${decoded.value.type} before it was ready`);
      return;
    }
    this.#handle(decoded.value);
  }

  #handle(message: ClientMessage): void {
    switch (message.type) {
      case 'ready':
        this.#reset();
        this.#isReady = true;
        this.#look();
        this.#subscriptions.setActive(this.#isVisible);
        this.#options.channel.send({
          type: 'hello',
          version: PROTOCOL_VERSION,
          ...this.#options.hello(),
          limits: this.#options.hub.settings.current.views,
        });
        if (!this.#isVisible) {
          this.#tellVisibility();
        }
        return;
      case 'subscribe':
        this.#subscribe(message);
        return;
      case 'unsubscribe':
        this.#subscriptions.remove(message.id);
        this.#looks?.delete(message.id);
        return;
      case 'request':
        void this.#answer(message.id, message.method, message.params);
        return;
      case 'cancel':
        this.#requests?.get(message.id)?.abort.abort();
        return;
      case 'flow':
        this.#flow.onFlow(message);
        return;
      default:
        message satisfies never;
    }
  }

  async #answer(id: number, method: string, params: unknown): Promise<void> {
    this.#requests ??= new Map();
    const requests = this.#requests;
    const underWay = requests.get(id);
    if (underWay !== undefined) {
      // A client that was greeted twice sends what it waits for again: that is answered once.
      if (underWay.method !== method) {
        this.#sendError({ code: 'badRequest', detail: `request ${id} is under way already` }, id);
      }
      return;
    }
    if (requests.size >= MAX_REQUESTS) {
      this.#sendError({ code: 'throttled', detail: `more than ${MAX_REQUESTS} requests are under way` }, id);
      return;
    }
    const abort = new AbortController();
    const request: Request = { method, abort };
    requests.set(id, request);
    const isWanted = (): boolean => this.#requests?.get(id) === request;
    const { channel, runCommand } = this.#options;
    try {
      const caughtUp = this.#subscriptions.whenCaughtUp();
      if (caughtUp !== undefined) {
        await caughtUp;
      }
      const result = await answerRequest(
        {
          hub: this.#hub,
          logs: () => this.#openLogs(),
          relay: () => this.#openRelay(),
          runCommand,
          signal: abort.signal,
          onProgress: (progress) => {
            if (isWanted() && !abort.signal.aborted) {
              channel.send({ type: 'progress', id, ...progress });
            }
          },
        },
        method,
        params,
      );
      if (isWanted()) {
        channel.send({ type: 'response', id, result });
      }
    } catch (error) {
      if (isWanted()) {
        this.#sendError(problemFromError(error), id);
      }
    } finally {
      if (isWanted()) {
        requests.delete(id);
        if (requests.size === 0) {
          this.#requests = undefined;
        }
      }
    }
  }

  #openLogs(): LogStreams {
    const { hub, clock, random, logger, logTailLines, guest = EVERYBODY } = this.#options;
    this.#logs ??= this.#owned.add(
      new LogStreams({
        hub,
        guest,
        clock,
        random,
        logger,
        tailLines: logTailLines,
        onAppended: (event) => this.#offer(event),
      }),
    );
    return this.#logs;
  }

  #openRelay(): KubeRelay {
    this.#relay ??= this.#owned.add(new KubeRelay({ hub: this.#hub, clock: this.#options.clock }));
    return this.#relay;
  }

  #subscribe(message: Extract<ClientMessage, { type: 'subscribe' }>): void {
    try {
      this.#subscriptions.add(message);
      if (this.#looks === undefined && message.patterns.some(isLook)) {
        this.#looks = this.#owned.add(new ClientLooks(this.#hub));
        this.#look();
      }
      this.#looks?.set(message.id, message.patterns);
    } catch (error) {
      this.#sendError(problemFromError(error));
    }
  }

  #send(message: FlowMessage): void {
    if (!this.#isReady) {
      return;
    }
    const { hub, channel } = this.#options;
    if (message.type !== 'events') {
      channel.send(message);
      return;
    }
    const waiting = this.#subscriptions.isResuming ? undefined : this.#flow.waiting();
    channel.send(hub.frames.make(message.events, waiting, this.#hub));
  }

  /** What was told is not what would have been told to whom it is now. */
  #rightsChanged({ source, access }: AccessChange): void {
    this.#looks?.rightsChanged();
    if (access !== 'personas') {
      return;
    }
    this.#offer(this.#options.hub.stateNotice(source));
    if (this.#isReady && !this.#isResetting) {
      this.#isResetting = true;
      this.#flow.afterWaiting(() => {
        this.#isResetting = false;
        this.#options.channel.send({ type: 'recovered', ok: false, reset: true });
      });
    }
  }

  #offer(event: HubEvent): void {
    if (this.#isReady && this.#isVisible) {
      this.#flow.push(event);
    }
  }

  #tellVisibility(): void {
    if (this.#isReady) {
      this.#options.channel.send({ type: 'visibility', isVisible: this.#isVisible });
    }
  }

  /** A hidden client is told too: it keeps what it has, and should not keep it for too long. */
  #followLimits(): void {
    const { hub, channel } = this.#options;
    let told = hub.settings.current.views;
    this.#owned.add(
      hub.settings.onChanged(({ views }) => {
        if (JSON.stringify(views) !== JSON.stringify(told)) {
          told = views;
          if (this.#isReady) {
            channel.send({ type: 'limits', limits: views });
          }
        }
      }),
    );
  }

  /** The source of a visible view is probed more often. */
  #look(): void {
    const isLooking = this.#isReady && this.#isVisible;
    this.#looks?.setLooking(isLooking);
    if (isLooking && this.#looking === undefined) {
      const { view } = this.#options.hello();
      this.#looking = view === undefined ? undefined : this.#options.hub.source(view.source)?.look();
    } else if (!isLooking) {
      this.#looking?.dispose();
      this.#looking = undefined;
    }
  }

  #lookAnew(): void {
    this.#looking?.dispose();
    this.#looking = undefined;
    this.#look();
    this.#looks?.sourcesChanged();
  }

  /** The client starts anew: whatever it had asked for before is void. */
  #reset(): void {
    for (const { abort } of this.#requests?.values() ?? []) {
      abort.abort();
    }
    this.#requests = undefined;
    this.#subscriptions.clear();
    this.#looks?.clear();
    this.#flow.reset();
    this.#isResetting = false;
    this.#logs?.closeAll();
    this.#relay?.closeAll();
  }

  #sendError(problem: Problem, id?: number): void {
    this.#options.channel.send(
      id === undefined ? { type: 'error', problem } : { type: 'error', id, problem },
    );
  }
}
