import type { Clock } from '../../base/clock';
import { DisposableStore, type Disposable } from '../../base/disposable';
import type { HubEvent } from '../../protocol/hubEvent';
import type { ServerMessage, View } from '../../protocol/messages';
import type { HubSettings, SettingsSource } from '../hubSettings';
import { BackpressureController } from './backpressureController';
import type { FlowFigures, FlowRegistry, JudgedFlow } from './flowRegistry';
import { SubscriberOutbox } from './subscriberOutbox';

/** What a view says of its frame rate counts for this long: two judgements. */
const FPS_VALID_MS = 10_000;
const TELL_INTERVAL_MS = 1_000;

export type FlowMessage =
  | Extract<ServerMessage, { type: 'flow' }>
  /** The events must not be changed: others may be sent the same. */
  | { readonly type: 'events'; readonly events: readonly HubEvent[] };

export interface SubscriberFlowOptions {
  readonly clock: Clock;
  readonly settings: SettingsSource<HubSettings>;
  readonly registry: FlowRegistry;
  readonly view: () => View | undefined;
  readonly send: (message: FlowMessage) => void;
}

/**
 * Everything that is sent to one subscriber unasked: its outbox, how fast that is emptied, and what it is told of both. It
 * is told when the rate changed or something was dropped, at most once a second. While it is hidden nothing is taken in, sent
 * or told, and no timer runs; what waited is sent when it is shown again.
 */
export class SubscriberFlow implements JudgedFlow, Disposable {
  readonly #options: SubscriberFlowOptions;
  readonly #owned = new DisposableStore();
  readonly #controller: BackpressureController;
  readonly #outbox: SubscriberOutbox;
  #telling: Disposable | undefined;
  #isVisible = true;
  #fps: { readonly value: number; readonly at: number } | undefined;
  /** What the subscriber was told; it need not be told what it starts with. */
  #told: { readonly rate: number; readonly dropped: number };
  #toldAt = Number.NEGATIVE_INFINITY;
  #isTelling = false;

  constructor(options: SubscriberFlowOptions) {
    this.#options = options;
    const { clock, settings, registry, send } = options;
    const { flow } = settings.current;
    this.#controller = new BackpressureController(flow);
    this.#told = { rate: this.#controller.rate, dropped: 0 };
    this.#outbox = this.#owned.add(
      new SubscriberOutbox({
        clock,
        wheel: registry.frames,
        batches: registry.batches,
        limits: flow,
        rate: this.#controller.rate,
        send: (events) => {
          registry.sent(this);
          send({ type: 'events', events });
        },
        onDropped: () => this.#tell(),
      }),
    );
    this.#owned.add(registry.add(this));
    this.#owned.add(
      settings.onChanged((changed) => {
        this.#controller.setBounds(changed.flow);
        this.#outbox.setLimits(changed.flow);
        this.#applyRate();
      }),
    );
  }

  /** Takes in an event to be told; a hidden subscriber is told of nothing. */
  push(event: HubEvent): void {
    if (this.#isVisible) {
      this.#outbox.push(event);
    }
  }

  /** The subscriber worked off so many frames; `fps` is the frame rate that it reaches meanwhile. */
  onFlow({ credits, fps }: { readonly credits: number; readonly fps?: number }): void {
    if (fps !== undefined && this.#isVisible) {
      this.#fps = { value: fps, at: this.#options.clock.monotonic() };
    }
    this.#outbox.giveBack(credits);
  }

  /** See {@link SubscriberOutbox.waiting}; also undefined while something was dropped that the subscriber was not told of. */
  waiting(): readonly HubEvent[] | undefined {
    return this.#outbox.dropped === this.#told.dropped ? this.#outbox.waiting() : undefined;
  }

  /** Calls back once all that waits now was sent: at once where nothing does, never where it is forgotten. */
  afterWaiting(callback: () => void): void {
    this.#outbox.afterWaiting(callback);
  }

  setVisible(isVisible: boolean): void {
    this.#isVisible = isVisible;
    this.#fps = undefined;
    this.#outbox.hold(!isVisible);
    if (isVisible) {
      this.#tell();
    } else {
      this.#stopTelling();
      this.#options.registry.rests(this);
    }
  }

  /** The subscriber starts anew. */
  reset(): void {
    this.#outbox.reset();
    this.#controller.reset();
    this.#outbox.setRate(this.#controller.rate);
    this.#fps = undefined;
    this.#stopTelling();
    this.#told = { rate: this.#controller.rate, dropped: 0 };
  }

  judge(load: {
    readonly eventLoopUtilisation: number | undefined;
    readonly heapFraction: number | undefined;
  }): void {
    if (this.#isVisible) {
      this.#controller.judge({ ...load, fps: this.#knownFps() });
      this.#applyRate();
    }
  }

  figures(): FlowFigures {
    return {
      view: this.#options.view(),
      isVisible: this.#isVisible,
      rate: this.#controller.rate,
      reason: this.#controller.reason,
      queued: this.#outbox.queued,
      dropped: this.#outbox.dropped,
      credits: this.#outbox.credits,
      framesSent: this.#outbox.framesSent,
      fps: this.#knownFps(),
    };
  }

  dispose(): void {
    this.#stopTelling();
    this.#owned.dispose();
  }

  #knownFps(): number | undefined {
    const fps = this.#fps;
    return fps !== undefined && this.#options.clock.monotonic() - fps.at <= FPS_VALID_MS
      ? fps.value
      : undefined;
  }

  #applyRate(): void {
    this.#outbox.setRate(this.#controller.rate);
    this.#tell();
  }

  #tell(): void {
    const { clock, send } = this.#options;
    const now = { rate: this.#controller.rate, dropped: this.#outbox.dropped };
    const isNews = now.rate !== this.#told.rate || now.dropped !== this.#told.dropped;
    if (!isNews || !this.#isVisible || this.#isTelling || this.#owned.isDisposed) {
      return;
    }
    const waitMs = this.#toldAt + TELL_INTERVAL_MS - clock.monotonic();
    if (waitMs > 0) {
      this.#isTelling = true;
      this.#telling = clock.schedule(waitMs, () => {
        this.#stopTelling();
        this.#tell();
      });
      return;
    }
    this.#told = now;
    this.#toldAt = clock.monotonic();
    send({ type: 'flow', ...now, queued: this.#outbox.queued });
  }

  #stopTelling(): void {
    this.#isTelling = false;
    this.#telling?.dispose();
    this.#telling = undefined;
  }
}
